// The page itself: its languages and sizes, what it remembers, how it is reached, what it weighs.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { addPhotos, addPost, media } from './standin.mjs'
import { assertAccessible, start, waitForEnd } from './acts.mjs'
import { scene } from './scene.mjs'
import { world } from './world.mjs'
import { prefixed } from './relay.mjs'

const phone = { viewport: { width: 360, height: 640 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 }

scene(
    'speaks Russian to who does, and English if asked to',
    async (page) => {
        await page.getByRole('button', { name: 'Скачать' }).waitFor()
        assert.equal(await page.locator('html').getAttribute('lang'), 'ru')
        const names = ['photo1.jpg', 'photo2.jpg', 'photo3.jpg']
        await start(page, await addPhotos(names))
        const end = await waitForEnd(page)
        const bytes = [...names, 'sound.m4a'].reduce((sum, name) => sum + media(name).length, 0)
        assert.match(end, new RegExp(`^Готово: 4 файла, ${Math.round(bytes / 1000)}\\sкБ$`))
        await assertAccessible(page, 'Russian')
        await page.getByRole('button', { name: 'English' }).click()
        await page.getByRole('button', { name: 'Get it' }).waitFor()
        assert.match(await page.locator('[role=status]').innerText(), /^Here it is: 4 files/)
        await page.reload()
        await page.getByRole('button', { name: 'Get it' }).waitFor()
        assert.equal(await page.locator('html').getAttribute('lang'), 'en')
    },
    { window: { locale: 'ru-RU' } },
)

scene(
    'speaks English to everybody else',
    async (page) => {
        await page.getByRole('button', { name: 'Get it' }).waitFor()
        assert.equal(await page.locator('html').getAttribute('lang'), 'en')
        await assertAccessible(page, 'an empty page')
    },
    { window: { locale: 'de-DE' } },
)

scene(
    'fits a phone, for fingers',
    async (page) => {
        await page
            .locator('#link')
            .fill(await addPhotos(undefined, { desc: `${'Averyveryverylongword'.repeat(20)} and more` }))
        await page.locator('#start').tap()
        await waitForEnd(page)
        const { content, screen } = await page.evaluate(() => ({
            content: document.documentElement.scrollWidth,
            screen: innerWidth,
        }))
        assert.ok(content <= screen, `${content} px on a screen of ${screen}`)
        const small = await page.locator('button, .button, a').evaluateAll((targets) =>
            targets
                .map((target) => [target.textContent, target.getBoundingClientRect()])
                .filter(([, { width, height }]) => Math.min(width, height) < 44)
                .map(([text]) => text),
        )
        assert.deepEqual(small, [], 'what can be pressed is large enough')
        await assertAccessible(page, 'a phone')
    },
    { window: phone },
)

scene('is used by keyboard alone', async (page) => {
    const focused = () =>
        page.evaluate(
            () => document.activeElement.id || document.activeElement.textContent || document.activeElement.value,
        )
    const order = []
    for (let step = 0; step < 5; ++step) {
        await page.keyboard.press('Tab')
        order.push(await focused())
        const { outlineStyle } = await page.evaluate(() => {
            const element = document.activeElement
            return {
                outlineStyle: getComputedStyle(element.type === 'radio' ? element.parentElement : element).outlineStyle,
            }
        })
        assert.equal(outlineStyle, 'solid', `the focus is seen on ${order.at(-1)}`)
    }
    assert.deepEqual(order, ['Русский', 'link', 'Paste', 'ORIGINAL', 'start'])
    await page.locator('#link').focus()
    await page.keyboard.type(await addPost())
    await page.keyboard.press('Enter')
    assert.match(await waitForEnd(page), /^Here it is/)
})

scene('tells a screen reader what happens, and not each byte', async (page) => {
    await page.evaluate(() => {
        globalThis.said = []
        for (const region of document.querySelectorAll('[role=status], [role=alert]')) {
            new MutationObserver(() => globalThis.said.push(region.textContent)).observe(region, {
                subtree: true,
                childList: true,
                characterData: true,
            })
        }
    })
    await start(page, await addPhotos())
    await waitForEnd(page)
    const said = await page.evaluate(() => globalThis.said)
    assert.match(said.filter(Boolean).join('|'), /^(Asking TikTok…\|)?(Receiving…\|)?Here it is: 4 files, \d+\skB$/)
})

scene(
    'takes what is in the clipboard',
    async (page) => {
        const link = await addPost()
        await page.evaluate((text) => navigator.clipboard.writeText(text), `Look: ${link}`)
        await page.getByRole('button', { name: 'Paste' }).click()
        await page.waitForFunction(() => document.activeElement.id === 'start')
        assert.equal(await page.locator('#link').inputValue(), `Look: ${link}`)
        await page.keyboard.press('Enter')
        await waitForEnd(page)
        await page.getByRole('button', { name: 'Clear' }).click()
        await page.waitForFunction(() => document.getElementById('link').value === '')
    },
    { window: { permissions: ['clipboard-read', 'clipboard-write'] } },
)

const sharedLink = await addPost({ desc: 'What was shared' })

scene(
    'starts with what a phone shares, once',
    async (page) => {
        await waitForEnd(page)
        assert.equal(await page.locator('.post-head h2').innerText(), 'What was shared')
        assert.ok((await page.locator('#link').inputValue()).includes(sharedLink))
        assert.equal(new URL(page.url()).search, '')
        await page.reload()
        await page.locator('#link').waitFor()
        assert.equal(await page.locator('#link').inputValue(), '')
    },
    { path: `?title=${encodeURIComponent('A post')}&text=${encodeURIComponent(`Look at this! ${sharedLink} #fun`)}` },
)

test('is an app that can be shared to', async () => {
    const manifestUrl = new URL('manifest.webmanifest', world.open)
    const manifest = await (await fetch(manifestUrl)).json()
    assert.deepEqual(manifest.share_target, {
        action: './',
        method: 'GET',
        params: { title: 'title', text: 'text', url: 'url' },
    })
    for (const { src, type } of manifest.icons) {
        const icon = await fetch(new URL(src, manifestUrl))
        assert.deepEqual([icon.status, icon.headers.get('Content-Type')], [200, type], src)
    }
})

scene('remembers links in this browser, and forgets them', async (page) => {
    const [first, second] = [await addPost({ desc: 'The first' }), await addPost({ desc: 'The second' })]
    for (const link of [first, second, first]) {
        await start(page, link)
        await waitForEnd(page)
        await page.reload()
    }
    const names = page.locator('.recent .recent-name')
    assert.deepEqual(await names.allInnerTexts(), ['The first', 'The second'])
    await names.last().click()
    await waitForEnd(page)
    assert.equal(await page.locator('.post-head h2').innerText(), 'The second')
    await assertAccessible(page, 'recent links')

    await page.getByRole('button', { name: 'Forget all' }).click()
    await names.first().waitFor({ state: 'detached' })
    await page.getByLabel('Keep recent links').uncheck()
    await start(page, first)
    await waitForEnd(page)
    assert.equal(await names.count(), 0)
    await page.reload()
    assert.equal(await page.getByLabel('Keep recent links').isChecked(), false)
    assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), ['ttsave.keeps-recent'])
})

scene(
    'works below a prefix of a reverse proxy',
    async (page, { origin }) => {
        assert.ok(origin.endsWith('/save/'))
        await start(page, await addPost())
        assert.match(await waitForEnd(page), /^Here it is/)
        assert.equal(await page.locator('footer a').evaluate((link) => link.href), `${origin}docs`)
    },
    { server: () => prefixed(world.open, '/save/') },
)

scene('weighs less than 150 KB, all of it', async (page) => {
    const sizes = new Map()
    const weigh = async (url) => sizes.set(url, gzipSync(Buffer.from(await (await fetch(url)).arrayBuffer())).length)
    const asked = new Set([world.open])
    page.on(
        'request',
        (request) => request.url().startsWith(world.open) && request.method() === 'GET' && asked.add(request.url()),
    )
    await page.reload()
    await start(page, await addPhotos())
    await waitForEnd(page)
    await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save all (zip)' }).click()])
    const manifest = await (await fetch(`${world.open}manifest.webmanifest`)).json()
    for (const { src } of [{ src: './manifest.webmanifest' }, ...manifest.icons])
        asked.add(new URL(src, world.open).href)
    await Promise.all([...asked].map(weigh))
    const total = [...sizes.values()].reduce((sum, size) => sum + size, 0)
    assert.ok(sizes.size >= 8, `${[...sizes.keys()]}`)
    assert.ok(total < 150_000, `${total} bytes: ${JSON.stringify([...sizes])}`)
    console.log(`the page weighs ${total} bytes`)
})
