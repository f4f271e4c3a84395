// What people are told when a post cannot be had: each error that the stand-in can bring about, and the whole table.
import assert from 'node:assert/strict'
import { addLink, addPhotos, addPost, addVideo, cdn, openGate, otherCdn, reset } from './standin.mjs'
import { assertAccessible, retry, saved, start, waitForEnd, waitForFailure } from './acts.mjs'
import { scene } from './scene.mjs'
import { world } from './world.mjs'
import { Relay } from './relay.mjs'
import { readZip } from './zip.mjs'

const about = await (await fetch(`${world.open}about.json`)).json()

/** What the server's table says of an error. */
function wordsOf(error, language = 'en') {
    const entry = about.errors.find((one) => Object.entries(error).every(([name, value]) => one[name] === value))
    assert.ok(entry, `the table has ${JSON.stringify(error)}`)
    return { meaning: entry.meaning[language], advice: entry.advice[language] }
}

/** The link fails with the code, in the table's words; the page offers another try. */
async function assertFails(page, link, code, words = wordsOf({ code })) {
    await start(page, link)
    const told = await waitForFailure(page)
    assert.deepEqual(told, { ...words, name: code })
    await page.getByRole('button', { name: 'Try again' }).waitFor()
}

function failure(name, makeLink, code, options = {}) {
    scene(name, async (page) => assertFails(page, await makeLink(), code), { seesErrors: true, ...options })
}

failure('a private post', () => addPost({ status_code: 10222 }), 'post.private')
failure('a post that was removed', () => addPost({ status_code: 10204 }), 'post.unavailable')
failure('a post behind a login', () => addPost({ page: { behaviour: 'login' } }), 'post.login_required')
failure('a link to something else', () => addLink('ZMprofile', 'https://www.tiktok.com/@some.user'), 'post.unsupported')
failure('a file that is too large', () => addVideo('medium.mp4'), 'post.too_large', { server: 'narrow' })
failure('TikTok refuses', () => addPost({ page: { behaviour: 'please_wait' } }), 'tiktok.blocked')
failure('TikTok does not answer', () => addPost({ page: { behaviour: 'hang' } }), 'tiktok.timeout', {
    server: 'impatient',
})
failure('TikTok fails', () => addPost({ page: { behaviour: 'http:503' } }), 'tiktok.error')
failure(
    'no host has the file',
    () =>
        addPost({
            formats: [
                {
                    hosts: [
                        { host: cdn, behaviour: 'http:404' },
                        { host: otherCdn, behaviour: 'html' },
                    ],
                },
            ],
        }),
    'media.unavailable',
)

scene(
    "a link that is not TikTok's",
    async (page) => {
        const type = 'value_error.url.host'
        await assertFails(page, 'https://example.com/watch?v=1', type, wordsOf({ type }))
    },
    { seesErrors: true },
)

scene(
    'a photo that no video can be made of',
    async (page) => {
        await page.getByRole('radio', { name: 'One video' }).check()
        await assertFails(page, await addPhotos(['photo1.jpg', 'cut.jpg']), 'media.broken')
    },
    { seesErrors: true },
)

scene(
    'a server that cannot make videos',
    async (page) => {
        await page.getByRole('radio', { name: 'One video' }).check()
        await assertFails(page, await addPhotos(['photo1.jpg']), 'slideshow.unavailable')
    },
    { server: 'narrow', seesErrors: true },
)

scene(
    'a server that is busy says when to come back',
    async (page) => {
        await reset()
        const other = await fetch(`${world.narrow}api/v3/download`, {
            method: 'POST',
            body: JSON.stringify({
                url: await addVideo('small.mp4', { behaviour: 'gate' }),
                download_content_type: 'ORIGINAL',
            }),
            headers: { 'Content-Type': 'application/json' },
        })
        await start(page, await addPost())
        const { meaning, advice, name } = await waitForFailure(page)
        const words = wordsOf({ status: 503 })
        assert.deepEqual([meaning, name], [words.meaning, '503'])
        assert.match(advice, /The server asks to wait \d+ s\.$/)
        assert.ok(advice.startsWith(words.advice))
        await openGate()
        await other.arrayBuffer()
    },
    { server: 'narrow', seesErrors: true },
)

scene(
    'every error of the table has its words, in both languages',
    async (page) => {
        let answer
        await page.route('**/download', (route) => route.fulfill(answer))
        await page.locator('#link').fill('https://vm.tiktok.com/ZMabc')
        for (const [language, other] of [
            ['en', 'Русский'],
            ['ru', 'English'],
        ]) {
            await page.locator('#link').focus()
            for (const { status, code, type, meaning, advice } of about.errors) {
                if (status === 401) continue // It asks for a key: keys.test.mjs.
                answer = { status, json: code ? { detail: '', code } : { detail: [{ loc: ['body'], msg: '', type }] } }
                await page.keyboard.press('Enter')
                const name = code ?? type ?? String(status)
                await page.locator('.failure code').getByText(name, { exact: true }).waitFor()
                assert.deepEqual(await waitForFailure(page), {
                    meaning: meaning[language],
                    advice: advice[language],
                    name,
                })
            }
            await page.getByRole('button', { name: other }).click()
        }
    },
    { seesErrors: true },
)

scene(
    'a failure is told accessibly, and a second try may work',
    async (page) => {
        const link = await addPost({ page: { behaviour: 'please_wait', times: 1 } })
        await start(page, link)
        await waitForFailure(page)
        await assertAccessible(page, 'a failure')
        await retry(page)
        assert.match(await waitForEnd(page), /^Here it is/)
        assert.equal(await page.locator('.failure').count(), 0)
    },
    { seesErrors: true },
)

scene('what is no link is not sent', async (page) => {
    const asked = []
    page.on('request', (request) => asked.push(request.method()))
    for (const [text, complaint] of [
        ['', 'Paste a link first.'],
        ['my password', 'There is no link in this.'],
    ]) {
        await start(page, text)
        await page.getByText(complaint).waitFor()
        assert.equal(await page.evaluate(() => document.activeElement.id), 'link')
        assert.equal(await page.locator('#link').getAttribute('aria-invalid'), 'true')
    }
    await assertAccessible(page, 'a complaint')
    assert.deepEqual(asked, [])
})

scene(
    'a server that gives up in the middle',
    async (page) => {
        // The file turns out to hold the boundary when the header has left: the contract has the server break off then.
        await reset()
        await start(page, await addVideo('boundary_tail.mp4', { behaviour: 'gate' }))
        await page.getByRole('progressbar', { name: 'Video' }).waitFor()
        await openGate()
        assert.deepEqual(await waitForFailure(page), {
            meaning: 'The server had to stop in the middle.',
            advice: 'Most often TikTok has stopped sending. Try again; it usually works the second time.',
            name: null,
        })
        await page.getByText('It did not arrive whole.').waitFor()
    },
    { seesErrors: true },
)

/** Photos that have come while their sound still waits at the gate. */
async function startHalf(page) {
    await reset()
    const sound = { media: 'sound.m4a', hosts: [{ host: 'sf16-ies-music-va.tiktokcdn.com', behaviour: 'gate' }] }
    await start(page, await addPhotos(undefined, { music: sound }))
    await page.getByRole('progressbar', { name: 'Sound' }).waitFor()
}

const relayed = { server: () => Relay.to(world.open), seesErrors: true }

scene(
    'a connection that breaks; what has come can be saved',
    async (page, relay) => {
        await startHalf(page)
        relay.close()
        assert.deepEqual(await waitForFailure(page), {
            meaning: 'The connection to the server broke.',
            advice: 'Check your network, then try again. What has arrived whole can be saved.',
            name: null,
        })
        const zip = await saved(page, page.getByRole('button', { name: 'Save all (zip)' }))
        assert.equal(readZip(zip.bytes).size, 3)
    },
    relayed,
)

scene(
    'an answer that breaks off while the server is still there',
    async (page, relay) => {
        await startHalf(page)
        relay.cut()
        assert.equal((await waitForFailure(page)).meaning, 'The server had to stop in the middle.')
        await openGate()
        await retry(page)
        assert.match(await waitForEnd(page), /^Here it is: 4 files/)
    },
    relayed,
)

scene(
    'a server that is not there',
    async (page, relay) => {
        relay.close()
        await start(page, 'https://vm.tiktok.com/ZMabc')
        assert.equal((await waitForFailure(page)).meaning, 'The server does not answer.')
    },
    relayed,
)

scene(
    'a device that is offline',
    async (page) => {
        await page.context().setOffline(true)
        await start(page, 'https://vm.tiktok.com/ZMabc')
        assert.equal((await waitForFailure(page)).meaning, 'This device is offline.')
    },
    { seesErrors: true },
)
