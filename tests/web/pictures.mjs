// Takes the pictures of the page that stand in docs/pictures/: run by test_pictures.py, to look at and not to assert.
import { join } from 'node:path'
import { start, waitForEnd } from './acts.mjs'
import { openBrowser } from './chromium.mjs'
import { addPhotos, addPost } from './standin.mjs'
import { world } from './world.mjs'

const photos = await addPhotos(['photo1.jpg', 'photo2.jpg', 'photo3.jpg', 'noisy1.jpg', 'noisy2.jpg'], {
    user: 'ada.walks',
    desc: 'One hill, five hours. From the first light to the moon. #hills #slowdays',
})
const video = await addPost({ user: 'ada.walks', desc: 'Morning, before anybody else is up #hills', duration: 12 })
const privatePost = await addPost({ status_code: 10222 })

const desktop = { viewport: { width: 1000, height: 1110 } }
const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 1, isMobile: true, hasTouch: true }

const pictures = {
    'page-desktop': [desktop, photos],
    'page-dark': [{ ...desktop, colorScheme: 'dark' }, photos],
    'page-phone': [{ ...phone, viewport: { width: 390, height: 1290 } }, video],
    'page-ru': [{ ...phone, viewport: { width: 390, height: 1120 }, locale: 'ru-RU' }, photos],
    'page-error': [{ ...phone, colorScheme: 'dark' }, privatePost],
}

const browser = await openBrowser()
for (const [name, [options, link]] of Object.entries(pictures)) {
    const context = await browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce', ...options })
    const page = await context.newPage()
    await page.goto(world.open)
    await start(page, link)
    await (link === privatePost ? page.locator('.failure').waitFor() : waitForEnd(page))
    await page.locator('video, .strip img').evaluateAll((media) =>
        Promise.all(
            media.map(
                (medium) =>
                    medium.decode?.()
                    ?? new Promise((resolve) => {
                        medium.readyState > 3 ? resolve() : medium.addEventListener('canplaythrough', resolve)
                    }),
            ),
        ),
    )
    await page.mouse.move(0, 0)
    // The player's own wheel turns for a while after it has everything, and says so to nobody.
    await page.waitForTimeout(2000)
    await page.screenshot({ path: join(world.pictures, `${name}.png`) })
    await context.close()
}
await browser.close()
