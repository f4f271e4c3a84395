/** One download: asks the server as any client would, and tells of the files while they arrive. */

import { FileCollector } from './file_collector'
import { readContentMeta, type PostMeta } from './content_meta'
import { DownloadFailed, readRefusal, type Failure } from './failure'
import { boundaryOf, MalformedBody, MultipartParser, sizeOf, type PartHeaders, type Piece } from './multipart'

/** The API's two ways to have a post. */
export type ContentType = 'ORIGINAL' | 'VIDEO_ONLY'

export interface Order {
    /** Where to POST to. */
    readonly to: string
    readonly link: string
    readonly contentType: ContentType
    readonly key: string | null
}

/** In order: the post once, then for each file that it begins, how many of its bytes have come, and the whole of it. */
export type DownloadEvent =
    | { readonly kind: 'post'; readonly post: PostMeta }
    | { readonly kind: 'file'; readonly name: string; readonly type: string; readonly size: number | null }
    | { readonly kind: 'received'; readonly bytes: number }
    | { readonly kind: 'saved'; readonly blob: Blob }

/** How long a server that may be gone is waited for. */
const pingTimeoutMs = 5000

/**
 * Ends when every file has come. Throws DownloadFailed; files that were told of as saved are whole all the same. Throws
 * whatever `signal` was aborted with, promptly, and leaves no request behind then.
 */
export async function* download(order: Order, signal: AbortSignal): AsyncGenerator<DownloadEvent, void, void> {
    const response = await ask(order, signal)
    if (!response.ok) throw new DownloadFailed(await readRefusal(response))
    const boundary = boundaryOf(response.headers.get('Content-Type'))
    if (boundary === null || response.body === null) throw new DownloadFailed({ kind: 'not_understood' })
    yield { kind: 'post', post: readContentMeta(response.headers.get('Content-Meta')) }

    const parser = new MultipartParser(boundary)
    const collector = new FileCollector()
    for await (const chunk of chunksOf(response.body, signal)) {
        for (const piece of piecesOf(parser, chunk)) yield eventOf(piece, collector)
    }
    if (!parser.isComplete) throw new DownloadFailed(await whyBroken())
}

async function ask(order: Order, signal: AbortSignal): Promise<Response> {
    const headers = new Headers({ 'Content-Type': 'application/json' })
    if (order.key !== null) headers.set('Authorization', `Bearer ${asBytes(order.key)}`)
    try {
        return await fetch(order.to, {
            method: 'POST',
            headers,
            body: JSON.stringify({ url: order.link, download_content_type: order.contentType }),
            // Or the browser would answer the 401's WWW-Authenticate with a dialog of its own.
            credentials: 'omit',
            signal,
        })
    } catch {
        signal.throwIfAborted()
        throw new DownloadFailed({ kind: navigator.onLine ? 'unreachable' : 'offline' })
    }
}

/** A text by its UTF-8, a character for each byte: all that a header can carry. */
function asBytes(text: string): string {
    return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('')
}

async function* chunksOf(body: ReadableStream<Uint8Array<ArrayBuffer>>, signal: AbortSignal) {
    const reader = body.getReader()
    try {
        for (;;) {
            const { done, value } = await reader.read()
            if (done) return
            yield value
        }
    } catch {
        signal.throwIfAborted()
        throw new DownloadFailed(await whyBroken())
    } finally {
        // Whoever stops listening wants no more of it; a stream that has ended does not mind.
        reader.cancel().catch(() => undefined)
    }
}

function piecesOf(parser: MultipartParser, chunk: Uint8Array<ArrayBuffer>): Piece[] {
    try {
        return parser.push(chunk)
    } catch (error) {
        throw error instanceof MalformedBody ? new DownloadFailed({ kind: 'not_understood' }) : error
    }
}

function eventOf(piece: Piece, collector: FileCollector): DownloadEvent {
    switch (piece.kind) {
        case 'head': {
            const type = piece.headers.get('content-type') ?? 'application/octet-stream'
            collector.begin(type)
            return { kind: 'file', name: nameOf(piece.headers), type, size: sizeOf(piece.headers) }
        }
        case 'bytes':
            collector.add(piece.bytes)
            return { kind: 'received', bytes: piece.bytes.length }
        case 'end':
            return { kind: 'saved', blob: collector.end() }
    }
}

/** A part's name without anything that a path is made of; the server sends none of that. */
function nameOf(headers: PartHeaders): string {
    const found = /filename="?([^";]+)"?/i.exec(headers.get('content-disposition') ?? '')
    return found?.[1]?.replaceAll(/[^\w.-]/g, '_') ?? 'file'
}

/** Whether it was the server that ended an answer, or the way to it that broke: it is asked whether it is there. */
async function whyBroken(): Promise<Failure> {
    try {
        const pong = await fetch('./ping', { credentials: 'omit', signal: AbortSignal.timeout(pingTimeoutMs) })
        return { kind: pong.ok ? 'cut_off' : 'connection_lost' }
    } catch {
        return { kind: 'connection_lost' }
    }
}
