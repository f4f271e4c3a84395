// The documentation at /docs: Swagger UI in a real browser, under its policy, which scene() watches over.
import assert from 'node:assert/strict'
import { prefixed } from './relay.mjs'
import { saved } from './acts.mjs'
import { scene } from './scene.mjs'
import { addVideo, media } from './standin.mjs'
import { world } from './world.mjs'

const docs = { path: 'docs', ready: '.opblock' }
const ping = '#operations-monitoring-ping'
const download = '#operations-download-download'

/** Has Swagger UI send a request, with `body` if there is one; returns the part of the page that shows the answer. */
async function tryOut(page, operation, body) {
    const block = page.locator(operation)
    await block.locator('.opblock-summary-control').click()
    await block.getByRole('button', { name: 'Try it out' }).click()
    if (body) await block.locator('textarea.body-param__text').fill(JSON.stringify(body))
    await block.getByRole('button', { name: 'Execute' }).click()
    const answer = block.locator('.live-responses-table .response')
    await answer.waitFor()
    return answer
}

async function assertAnswered(answer, status, text) {
    assert.equal(await answer.locator('.response-col_status').innerText(), String(status))
    assert.match(await answer.locator('.response-col_description').innerText(), text)
}

const order = (url) => ({ url, download_content_type: 'ORIGINAL' })

scene('the documentation shows every endpoint', async (page) => {
    const { paths } = await (await fetch(`${world.open}openapi.json`)).json()
    const documented = Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`))
    const shown = await page.locator('.opblock-summary').evaluateAll((blocks) => blocks.map((block) => {
        const method = block.querySelector('.opblock-summary-method').textContent.toLowerCase()
        return `${method} ${block.querySelector('.opblock-summary-path').dataset.path}`
    }))
    assert.deepEqual(shown.sort(), documented.sort())
}, docs)

scene('a ping can be tried out', async (page) => {
    await assertAnswered(await tryOut(page, ping), 200, /pong/)
}, docs)

scene('an error can be tried out', async (page) => {
    const answer = await tryOut(page, download, order('https://example.com/'))
    await assertAnswered(answer, 422, /value_error\.url\.host/)
}, { ...docs, seesErrors: true })

scene('a download that is tried out can be saved', async (page) => {
    const answer = await tryOut(page, download, order(await addVideo()))
    await assertAnswered(answer, 200, /content-meta/)
    const { bytes } = await saved(page, answer.getByRole('link', { name: 'Download file' }))
    assert.ok(bytes.includes(media('small.mp4')), 'the file is in the answer')
}, docs)

scene('the documentation takes a key', async (page) => {
    await page.getByRole('button', { name: 'Authorize' }).click()
    const form = page.locator('.auth-container', { hasText: 'X-API-Key' })
    await form.locator('input').fill('a-friends-secret')
    await form.getByRole('button', { name: 'Apply credentials' }).click()
    await form.getByRole('button', { name: 'Close' }).click()
    const answer = await tryOut(page, download, order('https://example.com/'))
    await assertAnswered(answer, 422, /value_error\.url\.host/)
}, { ...docs, server: 'keyed', seesErrors: true })

scene('the documentation works behind a prefix', async (page) => {
    await assertAnswered(await tryOut(page, ping), 200, /pong/)
}, { ...docs, server: () => prefixed(world.open, '/tt/') })
