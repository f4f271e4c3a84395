/** Bodies as the server sends them (contract.md, "Success"), and what parsers make of them. */

import type { Piece } from '../src/wire/multipart'
import { MultipartParser } from '../src/wire/multipart'

export interface File {
    readonly headers: readonly (readonly [string, string])[]
    readonly content: Uint8Array<ArrayBuffer>
}

export const boundary = 'simple_boundary'

export function bytes(text: string): Uint8Array<ArrayBuffer> {
    return new TextEncoder().encode(text)
}

export function concatenated(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
    return new Uint8Array(pieces.flatMap((piece) => [...piece]))
}

export function counted(content: Uint8Array<ArrayBuffer>, name = 'a.bin'): File {
    return {
        ...uncounted(content, name),
        headers: [...uncounted(content, name).headers, ['Content-Length', String(content.length)]],
    }
}

export function uncounted(content: Uint8Array<ArrayBuffer>, name = 'a.bin'): File {
    return {
        headers: [
            ['Content-Type', 'video/mp4'],
            ['Content-Disposition', `attachment; filename="${name}"`],
        ],
        content,
    }
}

export function body(files: readonly File[]): Uint8Array<ArrayBuffer> {
    const parts = files.map(({ headers, content }, index) =>
        concatenated([
            bytes(
                `${index > 0 ? '\r\n' : ''}--${boundary}\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`,
            ),
            content,
        ]),
    )
    return concatenated([...parts, bytes(`\r\n--${boundary}--\r\n`)])
}

/** The files that come of chunks, with their heads in lower case; the last one may be unfinished. */
export function parsed(chunks: readonly Uint8Array<ArrayBuffer>[]) {
    const parser = new MultipartParser(boundary)
    const files: { headers: [string, string][]; content: Uint8Array; isWhole: boolean }[] = []
    const take = (piece: Piece): void => {
        const last = files.at(-1)
        if (piece.kind === 'head')
            files.push({ headers: [...piece.headers], content: new Uint8Array(), isWhole: false })
        else if (last === undefined || last.isWhole) throw new Error(`${piece.kind} outside of a part`)
        else if (piece.kind === 'bytes') last.content = concatenated([last.content, piece.bytes])
        else last.isWhole = true
    }
    for (const chunk of chunks) parser.push(chunk).forEach(take)
    return { files, isComplete: parser.isComplete }
}

/** Numbers from 0 to 1 that are the same in every run. */
export function* randomNumbers(seed: number): Generator<number, never, void> {
    for (;;) {
        seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
        yield seed / 2 ** 32
    }
}
