/**
 * Takes the body of a download apart while it arrives. Pure: no I/O, no clock.
 *
 * Source: contract.md, "Success"; RFC 2046, 5.1.1. The body begins with the first delimiter; there is no preamble, and no
 * white space behind a boundary. What follows the closing delimiter is not looked at.
 */

/** What a body consists of, in order: each part's head, its bytes in any number of pieces, its end. */
export type Piece =
    | { readonly kind: 'head'; readonly headers: PartHeaders }
    | { readonly kind: 'bytes'; readonly bytes: Uint8Array<ArrayBuffer> }
    | { readonly kind: 'end' }

/** A part's headers; names in lower case. */
export type PartHeaders = ReadonlyMap<string, string>

/** The body is not what its header promised. */
export class MalformedBody extends Error {
    override readonly name = 'MalformedBody'
}

/** More than any server of ours sends; what is longer is no head. */
const maxHeadBytes = 16 * 1024

const CR = 13
const lineEnd = bytesOf('\r\n')
const headEnd = bytesOf('\r\n\r\n')
const closing = bytesOf('--')

/** The boundary that a Content-Type promises; null for any type but multipart. Quoted or not, with parameters behind it. */
export function boundaryOf(contentType: string | null): string | null {
    const parameter = /^multipart\/[\w.+-]+\s*;(?:.*;)?\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))\s*(?:;|$)/i
    const found = parameter.exec(contentType ?? '')
    return found?.[1] ?? found?.[2] ?? null
}

/**
 * Give it every chunk in order. Of a part with a Content-Length, exactly so many bytes are taken, whatever they are; of one
 * without, all up to the next delimiter.
 */
export class MultipartParser {
    readonly #delimiter: Uint8Array
    #rest = new Uint8Array()
    #step: (pieces: Piece[]) => boolean = this.#opening
    #left = 0

    constructor(boundary: string) {
        this.#delimiter = bytesOf(`\r\n--${boundary}`)
    }

    /** Whether the closing delimiter has been seen. A body that ends earlier was cut off. */
    get isComplete(): boolean {
        return this.#step === this.#epilogue
    }

    /** The pieces that `chunk` completes; they refer to its memory where they can. Throws MalformedBody. */
    push(chunk: Uint8Array<ArrayBuffer>): Piece[] {
        this.#rest = joined(this.#rest, chunk)
        const pieces: Piece[] = []
        while (this.#step(pieces));
        return pieces
    }

    // The steps: each takes what it can from #rest, and says whether the next one has something to look at.

    #opening(): boolean {
        const first = this.#delimiter.subarray(lineEnd.length)
        if (!startsWith(this.#rest, first)) throw new MalformedBody('the body does not begin with its boundary')
        if (this.#rest.length < first.length) return false
        this.#take(first.length)
        this.#step = this.#delimited
        return true
    }

    /** Behind a delimiter: the end of everything, or of the line. That line's end stays: a head may have no lines. */
    #delimited(): boolean {
        if (this.#rest.length < closing.length) return false
        if (startsWith(this.#rest, closing)) this.#step = this.#epilogue
        else if (startsWith(this.#rest, lineEnd)) this.#step = this.#head
        else throw new MalformedBody('a boundary is followed by something else')
        return true
    }

    #head(pieces: Piece[]): boolean {
        const end = indexOf(this.#rest, headEnd)
        if ((end ?? this.#rest.length) > maxHeadBytes) throw new MalformedBody('the head of a part is too long')
        if (end === null) return false
        const headers = parseHeaders(new TextDecoder().decode(this.#rest.subarray(0, end)))
        this.#take(end + headEnd.length)
        pieces.push({ kind: 'head', headers })
        const length = sizeOf(headers)
        this.#left = length ?? 0
        this.#step = length === null ? this.#searched : this.#counted
        return true
    }

    #counted(pieces: Piece[]): boolean {
        const here = Math.min(this.#left, this.#rest.length)
        if (here > 0) pieces.push({ kind: 'bytes', bytes: this.#take(here) })
        this.#left -= here
        if (this.#left > 0) return false
        if (!startsWith(this.#rest, this.#delimiter))
            throw new MalformedBody('a part is longer than its Content-Length')
        if (this.#rest.length < this.#delimiter.length) return false
        this.#end(pieces)
        return true
    }

    #searched(pieces: Piece[]): boolean {
        const found = indexOf(this.#rest, this.#delimiter)
        const content = found ?? this.#rest.length - lengthOfBeginning(this.#rest, this.#delimiter)
        if (content > 0) pieces.push({ kind: 'bytes', bytes: this.#take(content) })
        if (found === null) return false
        this.#end(pieces)
        return true
    }

    #epilogue(): boolean {
        this.#rest = new Uint8Array()
        return false
    }

    #end(pieces: Piece[]): void {
        this.#take(this.#delimiter.length)
        pieces.push({ kind: 'end' })
        this.#step = this.#delimited
    }

    #take(count: number): Uint8Array<ArrayBuffer> {
        const taken = this.#rest.subarray(0, count)
        this.#rest = this.#rest.subarray(count)
        return taken
    }
}

/** What a part's Content-Length says; null without one. Throws MalformedBody for one that is no number. */
export function sizeOf(headers: PartHeaders): number | null {
    const text = headers.get('content-length')
    if (text === undefined) return null
    const size = /^\d+$/.test(text) ? Number(text) : NaN
    if (!Number.isSafeInteger(size)) throw new MalformedBody('a Content-Length that is no number')
    return size
}

function parseHeaders(text: string): PartHeaders {
    const headers = new Map<string, string>()
    for (const line of text.split('\r\n').slice(1)) {
        const colon = line.indexOf(':')
        if (colon < 1) throw new MalformedBody('a header without a name')
        headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim())
    }
    return headers
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
    return new TextEncoder().encode(text)
}

function joined(one: Uint8Array<ArrayBuffer>, other: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    if (one.length === 0) return other
    const both = new Uint8Array(one.length + other.length)
    both.set(one)
    both.set(other, one.length)
    return both
}

/** Whether `bytes` begins with `wanted`, as far as both go. */
function startsWith(bytes: Uint8Array, wanted: Uint8Array): boolean {
    const length = Math.min(bytes.length, wanted.length)
    for (let at = 0; at < length; ++at) if (bytes[at] !== wanted[at]) return false
    return true
}

/** Where the whole of `wanted`, which begins with CR, first is in `bytes`. */
function indexOf(bytes: Uint8Array, wanted: Uint8Array): number | null {
    for (let at = bytes.indexOf(CR); at !== -1; at = bytes.indexOf(CR, at + 1)) {
        if (at + wanted.length > bytes.length) return null
        if (startsWith(bytes.subarray(at), wanted)) return at
    }
    return null
}

/** How many bytes at the end of `bytes` may be the beginning of `wanted`, which has one CR, its first byte. */
function lengthOfBeginning(bytes: Uint8Array, wanted: Uint8Array): number {
    const at = bytes.lastIndexOf(CR)
    return at !== -1 && startsWith(bytes.subarray(at), wanted) ? bytes.length - at : 0
}
