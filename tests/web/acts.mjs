// What people do on the page, and what they see of it then.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Enters a text and presses the button; what the page says afterwards is about that. */
export async function start(page, text) {
    await page.locator('#link').fill(text)
    await page.locator('#start').click()
    await shown(page)
}

/** Presses the button that repeats what has failed, likewise. */
export async function retry(page) {
    await page.getByRole('button', { name: 'Try again' }).click()
    await shown(page)
}

/** Waits until the page shows what it knows: it draws once a frame. */
export function shown(page) {
    return page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))
}

/** Waits for the page's last word on a download that succeeds, and returns it. */
export async function waitForEnd(page) {
    await page.locator('section.result:has(.parts[aria-busy=false]) [role=status]:not(:empty)').waitFor()
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
        name: (await name.count()) === 0 ? null : await name.innerText(),
    }
}

/** The bytes of what a link or button saves, and the name it gets. */
export async function saved(page, locator) {
    const [download] = await Promise.all([page.waitForEvent('download'), locator.click()])
    return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) }
}

/** axe-core finds nothing serious in what the page shows now, in light or dark. */
export async function assertAccessible(page, state) {
    if (!(await page.evaluate('typeof axe === "object"'))) await page.evaluate(axe)
    for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        const problems = await page.evaluate(async () => {
            const { violations } = await globalThis.axe.run(document)
            return violations
                .filter(({ impact }) => impact === 'serious' || impact === 'critical')
                .map(
                    ({ id, nodes }) =>
                        `${id}: ${nodes.map(({ html, failureSummary }) => `${html}\n${failureSummary}`).join('\n')}`,
                )
        })
        assert.deepEqual(problems, [], `${state}, ${colorScheme}`)
    }
}
