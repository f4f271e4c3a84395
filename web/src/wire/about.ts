/** /about.json: what the server tells of itself, and its table of errors in words for people. */

export type Language = 'en' | 'ru'

type InBothLanguages = Readonly<Record<Language, string>>

/** One error: known by its code, else by the type of a validation entry, else by its status alone. */
export interface ErrorEntry {
    readonly status: number
    readonly code?: string
    readonly type?: string
    readonly meaning: InBothLanguages
    /** What a person can do about it. */
    readonly advice: InBothLanguages
}

export interface About {
    readonly version: string
    /** Where to POST to, relative to the page. */
    readonly downloadUrl: string
    readonly needsKey: boolean
    readonly errors: readonly ErrorEntry[]
}

/** What is true of a server that does not tell. */
export const unknownServer: About = { version: '', downloadUrl: './api/v3/download', needsKey: false, errors: [] }

/** Asks the server that the page came from. Never fails: a page that knows less still works. */
export async function fetchAbout(): Promise<About> {
    try {
        const response = await fetch('./about.json', { credentials: 'omit' })
        return response.ok ? readAbout(await response.json()) : unknownServer
    } catch {
        return unknownServer
    }
}

export function readAbout(json: unknown): About {
    const about = (json ?? {}) as { version?: unknown; download_path?: unknown; needs_key?: unknown; errors?: unknown }
    return {
        version: typeof about.version === 'string' ? about.version : unknownServer.version,
        // The server may stand below a prefix that it does not know of; the page came from its root.
        downloadUrl: typeof about.download_path === 'string' ? `.${about.download_path}` : unknownServer.downloadUrl,
        needsKey: about.needs_key === true,
        errors: Array.isArray(about.errors) ? about.errors.filter(isErrorEntry) : [],
    }
}

/** The entry that tells most of an error: the one of its code, else of its type and status, else of its status. */
export function findError(
    errors: readonly ErrorEntry[],
    error: { status: number; code: string | null; type: string | null },
): ErrorEntry | undefined {
    return (
        errors.find((entry) => entry.code !== undefined && entry.code === error.code) ??
        errors.find(
            (entry) => entry.type !== undefined && entry.type === error.type && entry.status === error.status,
        ) ??
        errors.find((entry) => entry.code === undefined && entry.type === undefined && entry.status === error.status)
    )
}

function isErrorEntry(value: unknown): value is ErrorEntry {
    const entry = value as Partial<ErrorEntry> | null
    const isInBothLanguages = (words: InBothLanguages | undefined): boolean =>
        typeof words?.en === 'string' && typeof words.ru === 'string'
    return typeof entry?.status === 'number' && isInBothLanguages(entry.meaning) && isInBothLanguages(entry.advice)
}
