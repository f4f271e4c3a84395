import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { boundaryOf, MalformedBody, MultipartParser } from '../src/wire/multipart'
import { body, boundary, bytes, concatenated, counted, parsed, randomNumbers, uncounted, type File } from './bodies'

/** Contents that a parser may stumble on. The last few hold the boundary: only a Content-Length makes sense of them. */
const plain = [
    '',
    'x',
    '\r',
    '\n',
    '\r\n',
    '\r\n-',
    '\r\n--',
    '\r\n--simple_boundar',
    'a\r\r\r\n',
    '\r\n\r\n',
    '--',
    '-',
].map(bytes)
const withBoundary = [`\r\n--${boundary}`, `\r\n--${boundary}--\r\n`, `--${boundary}\r\nContent-Type: x/y\r\n\r\n`].map(
    bytes,
)

const bodies: Record<string, File[]> = {
    'one counted file': [counted(bytes('content'))],
    'one uncounted file': [uncounted(bytes('content'))],
    'counted, awkward': [...plain, ...withBoundary].map((content) => counted(content)),
    'uncounted, awkward': plain.map((content) => uncounted(content)),
    'both kinds in turn': plain.flatMap((content) => [counted(content), uncounted(content)]),
    'no headers at all': [{ headers: [], content: bytes('content') }],
}

function assertArrives(files: readonly File[], chunks: readonly Uint8Array<ArrayBuffer>[]): void {
    const found = parsed(chunks)
    assert.equal(found.isComplete, true)
    assert.deepEqual(
        found.files,
        files.map(({ headers, content }) => ({
            headers: headers.map(([name, value]) => [name.toLowerCase(), value]),
            content,
            isWhole: true,
        })),
    )
}

describe('a body gives the same files', () => {
    for (const [name, files] of Object.entries(bodies)) {
        const whole = body(files)
        test(`${name}: in one piece`, () => assertArrives(files, [whole]))
        test(`${name}: byte by byte`, () =>
            assertArrives(
                files,
                [...whole].map((byte) => new Uint8Array([byte])),
            ))
        test(`${name}: cut in two anywhere`, () => {
            for (let at = 0; at <= whole.length; ++at) assertArrives(files, [whole.slice(0, at), whole.slice(at)])
        })
        test(`${name}: cut at random`, () => {
            const random = randomNumbers(whole.length)
            for (let run = 0; run < 200; ++run) {
                const longest = 1 + Math.floor(random.next().value * 40)
                const chunks: Uint8Array<ArrayBuffer>[] = []
                for (let at = 0; at < whole.length;) {
                    const length = Math.floor(random.next().value * (longest + 1))
                    chunks.push(whole.slice(at, at + length))
                    at += length
                }
                assertArrives(files, chunks)
            }
        })
    }

    test('whatever follows the closing boundary', () => {
        assertArrives([counted(bytes('content'))], [body([counted(bytes('content'))]), bytes(`\r\n--${boundary}\r\n`)])
    })
})

describe('a body that ends early', () => {
    test('is not complete, and what is told of it is true', () => {
        for (const files of Object.values(bodies)) {
            const whole = body(files)
            const end = whole.length - '\r\n'.length
            for (let at = 0; at < end; ++at) {
                const found = parsed([whole.slice(0, at)])
                assert.equal(found.isComplete, false, `cut at ${at} of ${whole.length}`)
                found.files.forEach(({ content, isWhole }, index) => {
                    const sent = files[index]?.content ?? new Uint8Array()
                    assert.deepEqual(content, isWhole ? sent : sent.slice(0, content.length))
                })
            }
        }
    })
})

describe('a malformed body is refused', () => {
    const refused: Record<string, string> = {
        'without its boundary': '<!doctype html><title>A proxy</title>',
        'with another one': '--other_boundary\r\n\r\nx',
        'with a longer one': `--${boundary}er\r\n\r\nx`,
        'with a header without a name': `--${boundary}\r\nnonsense\r\n\r\nx`,
        'with a length that is no number': `--${boundary}\r\nContent-Length: 0x10\r\n\r\nx`,
        'with a length below zero': `--${boundary}\r\nContent-Length: -1\r\n\r\nx`,
        'with a length that no number can hold': `--${boundary}\r\nContent-Length: 99999999999999999999\r\n\r\nx`,
        'with more than its length': `--${boundary}\r\nContent-Length: 3\r\n\r\nabcd\r\n--${boundary}--\r\n`,
        'with something behind a boundary': `--${boundary}\r\n\r\nabc\r\n--${boundary}er`,
        'with a head without an end': `--${boundary}\r\nA: ${'a'.repeat(20_000)}`,
    }
    for (const [name, text] of Object.entries(refused)) {
        test(name, () => {
            assert.throws(() => parsed([bytes(text)]), MalformedBody)
            assert.throws(() => parsed([...bytes(text)].map((byte) => new Uint8Array([byte]))), MalformedBody)
        })
    }
})

test('bytes are handed on as soon as they cannot be part of a boundary', () => {
    const parser = new MultipartParser(boundary)
    const given = (text: string): string =>
        parser
            .push(bytes(text))
            .map((piece) => (piece.kind === 'bytes' ? new TextDecoder().decode(piece.bytes) : `<${piece.kind}>`))
            .join('')
    assert.equal(given(`--${boundary}\r\n\r\n`), '<head>')
    assert.equal(given('abc'), 'abc')
    assert.equal(given('d\r\n--simple'), 'd')
    assert.equal(given('_house\r'), '\r\n--simple_house')
    assert.equal(given(`\n--${boundary}`), '<end>')
})

test('a large file is taken in time', () => {
    // What a search that starts anew with each chunk would make quadratic: minutes, not milliseconds.
    const chunk = bytes('\r\n--simple_boundar!'.repeat(3000))
    const parser = new MultipartParser(boundary)
    parser.push(bytes(`--${boundary}\r\n\r\n`))
    let received = 0
    for (let run = 0; run < 200; ++run) {
        for (const piece of parser.push(chunk)) received += piece.kind === 'bytes' ? piece.bytes.length : 0
    }
    assert.equal(received, 200 * chunk.length)
})

test('the boundary is found in the header', () => {
    const found: [string | null, string | null][] = [
        ['multipart/x-mixed-replace; boundary=simple_boundary', 'simple_boundary'],
        ['multipart/x-mixed-replace;boundary="in quotes"', 'in quotes'],
        ['Multipart/Mixed; charset=utf-8; Boundary=abc; x=y', 'abc'],
        ["multipart/mixed; boundary=a'()+_,-./:=?b", "a'()+_,-./:=?b"],
        ['multipart/mixed', null],
        ['multipart/mixed; boundary=', null],
        [`multipart/mixed; boundary=${'x'.repeat(71)}`, null],
        ['application/json; boundary=abc', null],
        ['text/html', null],
        [null, null],
    ]
    for (const [header, expected] of found) assert.equal(boundaryOf(header), expected, String(header))
})

test('the parser takes no part of its input for its own', () => {
    const chunk = body([counted(bytes('content'))])
    const copy = concatenated([chunk])
    parsed([chunk])
    assert.deepEqual(chunk, copy)
})
