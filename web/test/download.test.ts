import assert from 'node:assert/strict'
import { afterEach, describe, test } from 'node:test'
import { download, type DownloadEvent, type Order } from '../src/wire/download'
import { DownloadFailed, type Failure } from '../src/wire/failure'
import { body, boundary, bytes, counted, uncounted } from './bodies'

const order: Order = {
    to: './api/v3/download',
    link: 'https://vm.tiktok.com/ZMabc',
    contentType: 'ORIGINAL',
    key: null,
}
const contentType = `multipart/x-mixed-replace; boundary=${boundary}`
const meta = { title: 'Фото 😀', desc: 'text', author: 'some.user', id: '73', type: 'photos' }
const metaHeader = Buffer.from(JSON.stringify(meta)).toString('base64')

const realFetch = globalThis.fetch
const realOnLine = Object.getOwnPropertyDescriptor(globalThis, 'navigator')
afterEach(() => {
    globalThis.fetch = realFetch
    Object.defineProperty(globalThis, 'navigator', realOnLine ?? { value: undefined, configurable: true })
})

/** A server that gives `answer` to the download, and answers pings if it is there. */
function serve(answer: () => Response, { isThere = true, isOnLine = true } = {}): { order: () => Request } {
    Object.defineProperty(globalThis, 'navigator', { value: { onLine: isOnLine }, configurable: true })
    let asked: Request | undefined
    globalThis.fetch = async (input, init) => {
        if (String(input) === './ping') return isThere ? new Response('pong') : Promise.reject(new TypeError('failed'))
        asked = new Request(new URL(String(input), 'http://server/'), init)
        return answer()
    }
    return { order: () => asked ?? assert.fail('nothing was asked') }
}

function streamOf(chunks: readonly Uint8Array[], breaks = false): ReadableStream<Uint8Array> {
    const left = [...chunks]
    return new ReadableStream({
        pull(controller) {
            const next = left.shift()
            if (next) controller.enqueue(next)
            else if (breaks) controller.error(new TypeError('network error'))
            else controller.close()
        },
    })
}

function success(stream: ReadableStream<Uint8Array>): Response {
    return new Response(stream, { headers: { 'Content-Type': contentType, 'Content-Meta': metaHeader } })
}

/** Everything that a download told, and how it failed. */
async function told(signal = new AbortController().signal, what = order) {
    const events: DownloadEvent[] = []
    try {
        for await (const event of download(what, signal)) events.push(event)
    } catch (error) {
        if (error instanceof DownloadFailed) return { events, failure: error.failure }
        throw error
    }
    return { events, failure: null }
}

async function failureOf(answer: () => Response, server = {}): Promise<Failure | null> {
    serve(answer, server)
    return (await told()).failure
}

describe('a download', () => {
    test('asks as the API wants it', async () => {
        const server = serve(() => success(streamOf([body([counted(bytes('x'))])])))
        await told(undefined, { ...order, contentType: 'VIDEO_ONLY', key: 'a secret' })
        const asked = server.order()
        assert.equal(asked.method, 'POST')
        assert.equal(asked.headers.get('Content-Type'), 'application/json')
        assert.equal(asked.headers.get('Authorization'), 'Bearer a secret')
        assert.equal(asked.credentials, 'omit')
        assert.deepEqual(await asked.json(), { url: order.link, download_content_type: 'VIDEO_ONLY' })
    })

    test('shows a key by its bytes, whatever it consists of', async () => {
        const server = serve(() => success(streamOf([body([counted(bytes('x'))])])))
        await told(undefined, { ...order, key: 'ключ' })
        const shown = Buffer.from(server.order().headers.get('Authorization') ?? '', 'latin1').toString()
        assert.equal(shown, 'Bearer ключ')
    })

    test('shows no key if there is none', async () => {
        const server = serve(() => success(streamOf([body([counted(bytes('x'))])])))
        await told()
        assert.equal(server.order().headers.has('Authorization'), false)
    })

    test('tells of the post, then of each file as it comes', async () => {
        serve(() =>
            success(streamOf([body([counted(bytes('photo'), '73_01.jpg'), uncounted(bytes('sound'), '73.mp3')])])),
        )
        const { events, failure } = await told()
        assert.equal(failure, null)
        assert.deepEqual(
            events.map((event) => event.kind),
            ['post', 'file', 'received', 'saved', 'file', 'received', 'saved'],
        )
        assert.deepEqual(events[0], {
            kind: 'post',
            post: { id: '73', title: 'Фото 😀', description: 'text', author: 'some.user', duration: null },
        })
        assert.deepEqual(events[1], { kind: 'file', name: '73_01.jpg', type: 'video/mp4', size: 5 })
        assert.deepEqual(events[4], { kind: 'file', name: '73.mp3', type: 'video/mp4', size: null })
        const blobs = events.flatMap((event) => (event.kind === 'saved' ? [event.blob] : []))
        assert.deepEqual(await Promise.all(blobs.map((blob) => blob.text())), ['photo', 'sound'])
        assert.equal(blobs[0]?.type, 'video/mp4')
    })

    test('makes one file of many megabytes', async () => {
        const chunk = new Uint8Array(1_000_000).map((_, index) => index % 251)
        const head = bytes(`--${boundary}\r\nContent-Type: video/mp4\r\n\r\n`)
        serve(() =>
            success(streamOf([head, ...Array.from({ length: 20 }, () => chunk), bytes(`\r\n--${boundary}--\r\n`)])),
        )
        const { events } = await told()
        const saved = events.find((event) => event.kind === 'saved')
        assert.ok(saved)
        const content = new Uint8Array(await saved.blob.arrayBuffer())
        assert.equal(content.length, 20_000_000)
        for (let at = 0; at < content.length; at += chunk.length) {
            assert.deepEqual(Buffer.compare(content.subarray(at, at + chunk.length), chunk), 0, `from byte ${at} on`)
        }
    })

    test('a name is no path', async () => {
        serve(() => success(streamOf([body([counted(bytes('x'), '../../etc/passwd')])])))
        assert.equal(
            (await told()).events.flatMap((event) => (event.kind === 'file' ? [event.name] : []))[0],
            '.._.._etc_passwd',
        )
    })
})

describe('a download fails', () => {
    const refusals: [string, Response, Failure][] = [
        [
            'with a code',
            Response.json({ detail: 'No files', code: 'post.private' }, { status: 400 }),
            { kind: 'refused', status: 400, code: 'post.private', type: null, retryAfterSeconds: null },
        ],
        [
            'with the type of a validation entry',
            Response.json({ detail: [{ type: 'value_error.url.host' }] }, { status: 422 }),
            { kind: 'refused', status: 422, code: null, type: 'value_error.url.host', retryAfterSeconds: null },
        ],
        [
            'with a time to wait',
            Response.json({ detail: 'Too Many' }, { status: 429, headers: { 'Retry-After': '7' } }),
            { kind: 'refused', status: 429, code: null, type: null, retryAfterSeconds: 7 },
        ],
        [
            'with a page of a proxy',
            new Response('<h1>Bad Gateway', { status: 502, headers: { 'Retry-After': 'tomorrow' } }),
            { kind: 'refused', status: 502, code: null, type: null, retryAfterSeconds: null },
        ],
    ]
    for (const [name, response, failure] of refusals) {
        test(name, async () => assert.deepEqual(await failureOf(() => response), failure))
    }

    test('when nothing answers', async () => {
        const refuse = (): never => {
            throw new TypeError('failed')
        }
        assert.deepEqual(await failureOf(refuse), { kind: 'unreachable' })
        assert.deepEqual(await failureOf(refuse, { isOnLine: false }), { kind: 'offline' })
    })

    test('when something else answers', async () => {
        assert.deepEqual(await failureOf(() => new Response('<h1>Hello')), { kind: 'not_understood' })
        assert.deepEqual(await failureOf(() => success(streamOf([bytes('<h1>Hello')]))), { kind: 'not_understood' })
    })

    test('when the stream breaks off; what was whole was told', async () => {
        const whole = body([counted(bytes('one')), counted(bytes('two'))])
        for (const breaks of [true, false]) {
            for (const isThere of [true, false]) {
                serve(() => success(streamOf([whole.slice(0, -12)], breaks)), { isThere })
                const { events, failure } = await told()
                assert.deepEqual(failure, { kind: isThere ? 'cut_off' : 'connection_lost' })
                assert.equal(events.filter((event) => event.kind === 'saved').length, 1)
            }
        }
    })

    test('but does not when it is cancelled: it throws what it was aborted with', async () => {
        const aborter = new AbortController()
        serve(() => success(streamOf([body([counted(bytes('one'))]).slice(0, -20)], true)))
        aborter.abort('enough')
        await assert.rejects(told(aborter.signal), (error) => error === 'enough')
    })
})
