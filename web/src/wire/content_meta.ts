/** What a download's Content-Meta header tells of the post: Base64 of a JSON object in UTF-8 (contract.md, "Success"). */

export interface PostMeta {
    readonly id: string
    readonly title: string
    readonly description: string
    readonly author: string
    /** Of a video, in seconds. */
    readonly duration: number | null
}

const nothing: PostMeta = { id: '', title: '', description: '', author: '', duration: null }

/** A header that cannot be read says nothing: files are worth having without their title. */
export function readContentMeta(header: string | null): PostMeta {
    try {
        const bytes = Uint8Array.from(atob(header ?? ''), (character) => character.charCodeAt(0))
        const meta: unknown = JSON.parse(new TextDecoder().decode(bytes))
        if (typeof meta !== 'object' || meta === null) return nothing
        const field = (name: string): unknown => Reflect.get(meta, name)
        const text = (name: string): string => (typeof field(name) === 'string' ? String(field(name)) : '')
        const duration = field('duration')
        return {
            id: text('id'),
            title: text('title').trim(),
            description: text('desc').trim(),
            author: text('author').trim(),
            duration: typeof duration === 'number' && duration > 0 && text('type') === 'video' ? duration : null,
        }
    } catch {
        return nothing
    }
}
