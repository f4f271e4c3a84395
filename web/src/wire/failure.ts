/** Why a download did not come about, or not to its end. What people are told of it is in words/failure_words. */

export type Failure =
    /** The server answered with an error. */
    | {
          readonly kind: 'refused'
          readonly status: number
          readonly code: string | null
          readonly type: string | null
          readonly retryAfterSeconds: number | null
      }
    /** Nothing answered. */
    | { readonly kind: 'unreachable' }
    /** The browser knows that there is no network. */
    | { readonly kind: 'offline' }
    /** The answer broke off, and the server does not answer any more. */
    | { readonly kind: 'connection_lost' }
    /** The answer broke off, and the server is still there: it gave up, for TikTok did. */
    | { readonly kind: 'cut_off' }
    /** What answered does not speak as our server does; something between may. */
    | { readonly kind: 'not_understood' }

/** A download that has failed, as an exception. */
export class DownloadFailed extends Error {
    override readonly name = 'DownloadFailed'

    constructor(readonly failure: Failure) {
        super(failure.kind)
    }
}

/** Reads an error answer (contract.md, "Errors"). Its body may be anything. */
export async function readRefusal(response: Response): Promise<Failure> {
    const body: unknown = await response.json().catch(() => null)
    return {
        kind: 'refused',
        status: response.status,
        code: textAt(body, 'code'),
        type: textAt(body, 'detail', 0, 'type'),
        retryAfterSeconds: secondsOf(response.headers.get('Retry-After')),
    }
}

function secondsOf(retryAfter: string | null): number | null {
    return retryAfter !== null && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) : null
}

function textAt(value: unknown, ...path: (string | number)[]): string | null {
    for (const step of path) {
        if (typeof value !== 'object' || value === null) return null
        value = Reflect.get(value, step)
    }
    return typeof value === 'string' ? value : null
}
