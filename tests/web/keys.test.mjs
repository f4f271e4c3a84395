// Servers that want a key.
import assert from 'node:assert/strict'
import { addPost } from './standin.mjs'
import { assertAccessible, shown, start, waitForEnd, waitForFailure } from './acts.mjs'
import { scene } from './scene.mjs'

const keyed = { server: 'keyed', seesErrors: true }
const kept = (page) => page.evaluate(() => localStorage.getItem('ttsave.key'))

scene(
    'a key is asked for, a wrong one is said to be wrong, a right one works',
    async (page) => {
        const key = page.getByLabel('Key', { exact: true })
        await key.waitFor()
        await start(page, await addPost())
        await page.getByText('This server wants a key.').waitFor()
        assert.equal(await page.evaluate(() => document.activeElement.id), 'key')
        await assertAccessible(page, 'a key is asked for')

        for (const guess of ['a-guess', 'догадка']) {
            await key.fill(guess)
            await page.keyboard.press('Enter')
            await shown(page)
            await page.getByText('The server does not know this key.').waitFor()
            assert.equal(await key.getAttribute('aria-invalid'), 'true')
            assert.equal(await page.locator('.failure').count(), 0)
        }

        await key.fill(' a-friends-secret ')
        await page.keyboard.press('Enter')
        assert.match(await waitForEnd(page), /^Here it is/)
        assert.equal(await key.count(), 0, 'it is not asked for again')
        assert.equal(await kept(page), null, 'it is not kept')
        await page.reload()
        await key.waitFor()
    },
    keyed,
)

scene(
    'a key is kept if that is wanted, until it is forgotten',
    async (page) => {
        const key = page.getByLabel('Key', { exact: true })
        await key.fill('a-friends-secret')
        await page.getByLabel('Remember it in this browser').check()
        assert.equal(await kept(page), null, 'not before it has proved right')
        await start(page, await addPost())
        await waitForEnd(page)
        assert.equal(await kept(page), 'a-friends-secret')

        await page.reload()
        await page.getByText('Your key is remembered in this browser.').waitFor()
        await start(page, await addPost())
        await waitForEnd(page)
        await page.getByRole('button', { name: 'Forget it' }).click()
        await key.waitFor()
        assert.equal(await kept(page), null)
    },
    keyed,
)

scene(
    'a right key is told from a post that cannot be had',
    async (page) => {
        const key = page.getByLabel('Key', { exact: true })
        await key.fill('a-friends-secret')
        await start(page, await addPost({ status_code: 10222 }))
        assert.equal((await waitForFailure(page)).name, 'post.private')
        assert.equal(await key.count(), 0)
    },
    keyed,
)

scene(
    'a kept key that no longer holds is asked for anew',
    async (page) => {
        await page.evaluate(() => localStorage.setItem('ttsave.key', 'an-old-secret'))
        await page.reload()
        await start(page, await addPost())
        await page.getByText('The server does not know this key.').waitFor()
        assert.equal(await kept(page), null)
    },
    keyed,
)

scene(
    'a key with a limit is told when to come back',
    async (page) => {
        await page.getByLabel('Key', { exact: true }).fill('a-guests-secret')
        const link = await addPost()
        await start(page, link)
        await waitForEnd(page)
        await start(page, link)
        const { advice, name } = await waitForFailure(page)
        assert.equal(name, '429')
        assert.match(advice, /The server asks to wait \d+ s\.$/)
    },
    keyed,
)
