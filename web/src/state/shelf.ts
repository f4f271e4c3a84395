/** What the page remembers, in this browser and nowhere else. */

import type { Language } from '../wire/about'
import type { ContentType } from '../wire/download'

export interface RecentLink {
    readonly link: string
    readonly title: string
}

const mostRecentLinks = 8

/**
 * Reads and writes a Storage. Where the browser refuses it, or it holds something else, nothing is remembered and nothing
 * fails.
 */
export class Shelf {
    constructor(private readonly storage: () => Storage) {}

    get language(): Language | null {
        const kept = this.#read('language')
        return kept === 'en' || kept === 'ru' ? kept : null
    }

    set language(language: Language | null) {
        this.#write('language', language)
    }

    get contentType(): ContentType {
        return this.#read('content-type') === 'VIDEO_ONLY' ? 'VIDEO_ONLY' : 'ORIGINAL'
    }

    set contentType(contentType: ContentType) {
        this.#write('content-type', contentType)
    }

    get key(): string | null {
        return this.#read('key')
    }

    set key(key: string | null) {
        this.#write('key', key)
    }

    get keepsRecent(): boolean {
        return this.#read('keeps-recent') !== 'no'
    }

    /** Turning it off forgets what was kept. */
    set keepsRecent(keeps: boolean) {
        this.#write('keeps-recent', keeps ? null : 'no')
        if (!keeps) this.recent = []
    }

    /** The latest first. */
    get recent(): readonly RecentLink[] {
        try {
            const kept: unknown = JSON.parse(this.#read('recent') ?? '[]')
            return Array.isArray(kept) ? kept.filter(isRecentLink).slice(0, mostRecentLinks) : []
        } catch {
            return []
        }
    }

    set recent(links: readonly RecentLink[]) {
        this.#write('recent', links.length === 0 ? null : JSON.stringify(links))
    }

    /** Puts a link first, once. */
    remember(latest: RecentLink): void {
        if (!this.keepsRecent) return
        this.recent = [latest, ...this.recent.filter(({ link }) => link !== latest.link)].slice(0, mostRecentLinks)
    }

    #read(name: string): string | null {
        try {
            return this.storage().getItem(`ttsave.${name}`)
        } catch {
            return null
        }
    }

    #write(name: string, value: string | null): void {
        try {
            if (value === null) this.storage().removeItem(`ttsave.${name}`)
            else this.storage().setItem(`ttsave.${name}`, value)
        } catch {
            // Private windows, full or forbidden storage: the page works without.
        }
    }
}

function isRecentLink(value: unknown): value is RecentLink {
    const { link, title } = (value ?? {}) as Partial<RecentLink>
    return typeof link === 'string' && typeof title === 'string'
}
