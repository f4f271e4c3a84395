// A test of the page: a browser window of its own on one of the servers, and what has to be true of every one.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openBrowser } from './chromium.mjs'
import { patientMs, world } from './world.mjs'

const browser = await openBrowser()
after(() => browser.close())

/**
 * Runs `act` with a fresh window that shows the page. Nothing may be asked of any other host, and nothing may stand in
 * the console; only where `seesErrors`, the browser may note there that an answer was one.
 *
 * `server` is one of world's, or makes `{origin, close}`, which `act` is given, too; `path` may have a query; `ready` is a
 * selector of what is there once the page is; `window` is Playwright's options of a context.
 */
export function scene(name, act, options = {}) {
    const { server = 'open', path = '', ready = '#link', seesErrors = false, window = {} } = options
    test(name, { timeout: 4 * patientMs }, async () => {
        const place = typeof server === 'function' ? await server() : { origin: world[server] }
        const stage = await openWindow(place.origin + path, ready, window)
        try {
            await act(stage.page, place)
            stage.assertClean(seesErrors)
        } catch (error) {
            const text = await stage.page.locator('body').innerText().catch(() => '(gone)')
            console.error(`${name}: the page was\n${text}`)
            throw error
        } finally {
            await stage.close()
            place.close?.()
        }
    })
}

async function openWindow(url, ready, options) {
    const context = await browser.newContext({ viewport: { width: 1100, height: 900 }, locale: 'en-GB', ...options })
    context.setDefaultTimeout(patientMs)
    const asked = []
    const said = []
    context.on('request', (request) => asked.push(request.url()))
    context.on('console', (message) => {
        if (message.type() !== 'verbose') said.push(message.text()) // that is what the browser would suggest
    })
    context.on('weberror', (error) => said.push(String(error.error())))
    const page = await context.newPage()
    await page.goto(url)
    await page.locator(ready).first().waitFor()
    return {
        page,
        assertClean(seesErrors) {
            const elsewhere = asked.filter(
                (address) => !address.startsWith('blob:') && new URL(address).host !== new URL(url).host,
            )
            assert.deepEqual(elsewhere, [], 'nothing is loaded from elsewhere')
            const unexpected = said.filter((text) => !(seesErrors && text.startsWith('Failed to load resource')))
            assert.deepEqual(unexpected, [], 'the console is empty')
        },
        close: () => context.close(),
    }
}
