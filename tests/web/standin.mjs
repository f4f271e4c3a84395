// The control interface of the tests' TikTok (tests/standin/README.md).
import { readFileSync } from 'node:fs'
import { world } from './world.mjs'

export const cdn = 'v16-webapp-prime.tiktok.com'
export const otherCdn = 'v19-webapp-prime.tiktok.com'

// Each post has its own id, also among the test files, which run side by side.
let lastId = 7312000000000000000n + BigInt(process.pid) * 1_000_000n

async function call(path, body) {
    const answer = await fetch(world.control + path, { method: 'POST', body: JSON.stringify(body ?? {}) })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`)
    return text === '' ? null : JSON.parse(text)
}

/** Adds a post with the README's keys; returns its link. */
export async function addPost(post = {}) {
    return (await call('/posts', { id: String(++lastId), ...post })).url
}

/** A video on one host that behaves so. */
export function addVideo(media = 'small.mp4', host = {}) {
    return addPost({ formats: [{ media, hosts: [{ host: cdn, ...host }] }] })
}

/** A post of photos with a sound. */
export function addPhotos(media = ['photo1.jpg', 'photo2.jpg', 'photo3.jpg'], rest = {}) {
    return addPost({ images: media.map((name) => ({ media: name })), music: {}, ...rest })
}

/** A short link that leads to `location`. */
export async function addLink(code, location) {
    return (await call('/links', { host: 'vm.tiktok.com', code, location })).url
}

export const openGate = () => call('/gate/open')

/** Forgets all posts, and closes the gate. */
export const reset = () => call('/reset')

/** The bytes of one of its media files, which have been used by a post. */
export function media(name) {
    return readFileSync(`${world.media}/${name}`)
}

export function idOf(link) {
    return link.slice(link.lastIndexOf('/') + 1)
}
