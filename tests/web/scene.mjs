// A test of the page: a browser window of its own on one of the servers, and what has to be true of every one.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { createRequire } from 'node:module'
import { chromium } from 'playwright-core'

/** What test_browser.py has started: the addresses of three servers, and the stand-in's control interface. */
export const world = JSON.parse(process.env.TTSAVE_WORLD ?? '{}')

const slowness = Number(process.env.TTSAVE_SLOWNESS ?? 1)
export const patientMs = 30_000 * slowness

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const browser = await chromium.launch({
    executablePath: process.env.TTSAVE_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
        '--disable-component-update', '--disable-sync'],
})
after(() => browser.close())

/**
 * Runs `act` with a fresh window that shows the page. Nothing may be asked of any other host, and nothing may stand in
 * the console; only where `seesErrors`, the browser may note there that an answer was one.
 *
 * `server` is one of world's, or makes `{origin, close}`, which `act` is given, too; `path` may have a query; `window` is
 * Playwright's options of a context.
 */
export function scene(name, act, { server = 'open', path = '', seesErrors = false, window = {} } = {}) {
    test(name, { timeout: 4 * patientMs }, async () => {
        const place = typeof server === 'function' ? await server() : { origin: world[server] }
        const stage = await openWindow(place.origin + path, window)
        try {
            await act(stage.page, place)
            stage.assertClean(seesErrors)
        } catch (error) {
            console.error(`${name}: the page was\n${await stage.page.locator('body').innerText().catch(() => '(gone)')}`)
            throw error
        } finally {
            await stage.close()
            place.close?.()
        }
    })
}

async function openWindow(url, options) {
    const context = await browser.newContext({ viewport: { width: 1100, height: 900 }, locale: 'en-GB', ...options })
    context.setDefaultTimeout(patientMs)
    const asked = []
    const said = []
    context.on('request', (request) => asked.push(request.url()))
    context.on('console', (message) => said.push(message.text()))
    context.on('weberror', (error) => said.push(String(error.error())))
    const page = await context.newPage()
    await page.goto(url)
    await page.locator('#link').waitFor()
    return {
        page,
        assertClean(seesErrors) {
            const elsewhere = asked.filter((address) => !address.startsWith('blob:') && new URL(address).host !== new URL(url).host)
            assert.deepEqual(elsewhere, [], 'nothing is loaded from elsewhere')
            const unexpected = said.filter((text) => !(seesErrors && text.startsWith('Failed to load resource')))
            assert.deepEqual(unexpected, [], 'the console is empty')
        },
        close: () => context.close(),
    }
}

/** Enters a text and presses the button. */
export async function start(page, text) {
    await page.locator('#link').fill(text)
    await page.locator('#start').click()
}

/** Waits for the page's last word on a download that succeeds, and returns it. */
export async function waitForEnd(page) {
    await page.locator('section.result[aria-busy=false] [role=status]:not(:empty)').waitFor()
    return page.locator('[role=status]').innerText()
}

/** Waits for a failure, and returns what people are told: `meaning`, `advice`, and the `name` of it. */
export async function waitForFailure(page) {
    const box = page.locator('[role=alert] .failure')
    await box.waitFor()
    const name = box.locator('code')
    return {
        meaning: await box.locator('.meaning').innerText(),
        advice: await box.locator('.meaning + p').innerText(),
        name: await name.count() === 0 ? null : await name.innerText(),
    }
}

/** The bytes of what a link or button saves, and the name it gets. */
export async function saved(page, locator) {
    const [download] = await Promise.all([page.waitForEvent('download'), locator.click()])
    return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) }
}

/** axe-core finds nothing serious in what the page shows now, in light or dark. */
export async function assertAccessible(page, state) {
    if (!await page.evaluate('typeof axe === "object"')) await page.evaluate(axe)
    for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        const problems = await page.evaluate(async () => {
            const { violations } = await globalThis.axe.run(document)
            return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
                .map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html}\n${failureSummary}`).join('\n')}`)
        })
        assert.deepEqual(problems, [], `${state}, ${colorScheme}`)
    }
}
