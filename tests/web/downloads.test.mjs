// What the page is for: posts become files that are seen, heard and saved.
import assert from 'node:assert/strict'
import { addPhotos, addPost, addVideo, idOf, media, openGate, reset } from './standin.mjs'
import { assertAccessible, saved, start, waitForEnd } from './acts.mjs'
import { scene } from './scene.mjs'
import { readZip } from './zip.mjs'

/** What of a file the browser itself can tell once it has opened it. */
const isPlayable = (element) =>
    new Promise((resolve) => {
        const look = () => resolve({ duration: element.duration, width: element.videoWidth })
        element.error
            ? resolve(element.error.message)
            : element.readyState > 0
              ? look()
              : element.addEventListener('loadedmetadata', look)
    })

scene('a video plays and is saved as it was sent', async (page) => {
    const link = await addPost({ desc: 'Fog over the hills #fog', user: 'ada.walker' })
    await start(page, `Look at this! ${link} #fun`)
    const end = await waitForEnd(page)
    // No two ffmpegs make a file of the same size.
    const kilobytes = Math.round(media('small.mp4').length / 1000)
    assert.match(end, new RegExp(`^Here it is: 1 file, ${kilobytes}\\skB$`))
    assert.equal(await page.locator('.post-head h2').innerText(), 'Fog over the hills #fog')
    assert.match(await page.locator('.post-head').innerText(), /@ada\.walker · 0:0\d/)
    const video = await page.locator('video').evaluate(isPlayable)
    assert.ok(video.duration > 1 && video.width > 100, JSON.stringify(video))
    const file = await saved(page, page.getByRole('link', { name: /^Save/ }))
    assert.equal(file.name, `${idOf(link)}.mp4`)
    assert.deepEqual(file.bytes, media('small.mp4'))
    await assertAccessible(page, 'a video')
})

scene('a photo post comes as photos and sound, one by one or as a zip', async (page) => {
    const names = ['photo1.jpg', 'landscape1.jpg', 'photo.webp']
    const link = await addPhotos(names, { desc: `${'A long description. '.repeat(20)}\nIts last line` })
    await start(page, link)
    assert.match(await waitForEnd(page), /^Here it is: 4 files/)
    assert.match(await page.locator('.description').innerText(), /Its last line$/)
    const sizes = await page.locator('.strip img').evaluateAll((images) =>
        Promise.all(
            images.map(async (image) => {
                await image.decode()
                return [image.naturalWidth, image.naturalHeight]
            }),
        ),
    )
    assert.deepEqual(sizes, [
        [1080, 1440],
        [1440, 1080],
        [1080, 1440],
    ])
    assert.ok((await page.locator('audio').evaluate(isPlayable)).duration > 1)

    const id = idOf(link)
    const second = await saved(page, page.getByRole('link', { name: `Save: ${id}_02.jpg` }))
    assert.deepEqual([second.name, second.bytes.equals(media('landscape1.jpg'))], [`${id}_02.jpg`, true])

    const zip = await saved(page, page.getByRole('button', { name: 'Save all (zip)' }))
    assert.equal(zip.name, `${id}.zip`)
    const inside = readZip(zip.bytes)
    assert.deepEqual([...inside.keys()], [`${id}_01.jpg`, `${id}_02.jpg`, `${id}_03.webp`, `${id}.m4a`])
    const sent = [...names, 'sound.m4a'].map(media)
    assert.ok(
        [...inside.values()].every((bytes, index) => bytes.equals(sent[index])),
        'the zip has what was sent',
    )
    await assertAccessible(page, 'photos')
})

scene('where the device can share files, all of them are shared', async (page) => {
    await page.evaluate(() => {
        // What phones have; Chromium on Linux has not.
        navigator.canShare = ({ files }) => files.length > 0
        navigator.share = async ({ files }) => { globalThis.shared = files.map(({ name, type, size }) => [name, type, size]) }
    })
    const link = await addPhotos(['photo1.jpg'])
    await start(page, link)
    await waitForEnd(page)
    await page.getByRole('button', { name: 'Share' }).click()
    assert.deepEqual(await page.evaluate(() => globalThis.shared), [
        [`${idOf(link)}_01.jpg`, 'image/jpeg', media('photo1.jpg').length],
        [`${idOf(link)}.m4a`, 'audio/mp4', media('sound.m4a').length],
    ])
})

scene('a photo is shown large, and the arrow keys lead to the others', async (page) => {
    await start(page, await addPhotos())
    await waitForEnd(page)
    await page.getByRole('button', { name: 'Show photo 2 large' }).click()
    const viewer = page.getByRole('dialog')
    await viewer.getByRole('img', { name: 'Photo 2' }).waitFor()
    await page.keyboard.press('ArrowRight')
    await viewer.getByRole('img', { name: 'Photo 3' }).waitFor()
    await page.keyboard.press('ArrowRight')
    await viewer.getByRole('img', { name: 'Photo 1' }).waitFor()
    await assertAccessible(page, 'a photo large')
    await page.keyboard.press('Escape')
    await viewer.waitFor({ state: 'detached' })
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), 'Show photo 2 large')
})

scene('a photo post comes as one video', async (page) => {
    await page.getByRole('radio', { name: 'One video' }).check()
    const link = await addPhotos(['photo1.jpg', 'photo2.jpg'])
    await start(page, link)
    assert.match(await waitForEnd(page), /^Here it is: 1 file/)
    assert.equal((await page.locator('video').evaluate(isPlayable)).width, 1080)
    await page.reload()
    assert.ok(await page.getByRole('radio', { name: 'One video' }).isChecked(), 'the choice is remembered')
})

scene('while TikTok is asked, it is seen that something happens', async (page) => {
    await start(page, await addPost({ page: { behaviour: 'hang', times: 1 } }))
    await page.getByRole('progressbar', { name: 'Asking TikTok…' }).waitFor()
    await assertAccessible(page, 'waiting')
    await page.getByRole('button', { name: 'Cancel' }).click()
    assert.equal(await waitForEnd(page), 'Cancelled.')
})

scene('a slow download has a bar that moves', async (page) => {
    // Every value that the bar ever has, as a person would see it.
    await page.evaluate(() => {
        globalThis.seen = []
        new MutationObserver(() => {
            const bar = document.querySelector('progress[value]')
            if (bar && globalThis.seen.at(-1) !== bar.value) globalThis.seen.push(bar.value)
        }).observe(document.body, { subtree: true, childList: true, attributes: true })
    })
    await start(page, await addVideo('small.mp4', { behaviour: 'slow:100000' }))
    await waitForEnd(page)
    const seen = await page.evaluate(() => globalThis.seen)
    assert.ok(seen.length >= 3, `the bar was seen at ${seen}`)
    assert.deepEqual(
        seen,
        seen.toSorted((one, other) => one - other),
        'it never went back',
    )
})

scene('a file of unknown size has a bar that only says that it comes', async (page) => {
    await reset()
    await start(page, await addVideo('small.mp4', { behaviour: 'gate', length: false }))
    const bar = page.getByRole('progressbar', { name: 'Video' })
    await bar.waitFor()
    assert.equal(await bar.getAttribute('value'), null)
    assert.match(await page.locator('.file-progress').innerText(), /so far$/)
    await openGate()
    await waitForEnd(page)
})

scene('photos are there before the sound has come', async (page) => {
    await reset()
    const sound = { media: 'sound.m4a', hosts: [{ host: 'sf16-ies-music-va.tiktokcdn.com', behaviour: 'gate' }] }
    await start(page, await addPhotos(undefined, { music: sound }))
    await page.locator('.strip img').nth(2).waitFor()
    await page.getByRole('progressbar', { name: 'Sound' }).waitFor()
    await assertAccessible(page, 'while it arrives')
    await openGate()
    await waitForEnd(page)
})

scene('a download is cancelled, and the next one starts from there', async (page) => {
    await reset()
    await start(page, await addVideo('medium.mp4', { behaviour: 'gate' }))
    await page.getByRole('progressbar', { name: 'Video' }).waitFor()
    assert.match(await page.locator('.file-progress').innerText(), /^[\d.]+\s\S+ of [\d.]+\sMB$/)
    await page.getByRole('button', { name: 'Cancel' }).click()
    assert.equal(await waitForEnd(page), 'Cancelled.')
    assert.equal(await page.evaluate(() => document.activeElement.id), 'start', 'the keyboard is not lost')
    assert.equal(await page.locator('progress').count(), 0)
    await assertAccessible(page, 'cancelled')
    await start(page, await addPost())
    assert.match(await waitForEnd(page), /^Here it is/)
})

scene('another download takes the place of one that runs', async (page) => {
    await reset()
    await start(page, await addVideo('medium.mp4', { behaviour: 'gate' }))
    await page.getByRole('progressbar').waitFor()
    const second = await addPost({ desc: 'The second one' })
    await start(page, second)
    await waitForEnd(page)
    assert.equal(await page.locator('.post-head h2').innerText(), 'The second one')
    await openGate()
    assert.equal(await page.locator('.file').count(), 1)
})

scene('a text of a post is a text', async (page) => {
    const desc = '<img src=x onerror="document.title=1"> & <b>bold</b> 😀 שלום'
    await start(page, await addPost({ desc }))
    await waitForEnd(page)
    assert.equal(await page.locator('.post-head h2').innerText(), desc)
})
