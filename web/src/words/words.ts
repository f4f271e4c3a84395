/** Everything that the page says, but for what the server's own table says of its errors. */

import type { Complaint } from '../state/session'
import type { Failure } from '../wire/failure'
import type { Language } from '../wire/about'

/** What happened, and what can be done about it. */
export interface FailureWords {
    readonly meaning: string
    readonly advice: string
}

export interface Words {
    /** The language's own name for itself, and for the switch that leads to the other one. */
    readonly otherLanguage: { readonly code: Language; readonly name: string }

    readonly tagline: string
    readonly linkLabel: string
    readonly linkPlaceholder: string
    readonly linkHint: string
    readonly paste: string
    readonly clear: string
    readonly contentTypes: string
    readonly original: string
    readonly originalHint: string
    readonly videoOnly: string
    readonly videoOnlyHint: string
    readonly start: string

    readonly keyLabel: string
    readonly keyHint: string
    readonly keyRemember: string
    readonly keyKept: string
    readonly keyForget: string

    readonly complaints: Readonly<Record<Complaint, string>>

    readonly asking: string
    readonly receiving: string
    readonly done: (files: number, size: string) => string
    readonly cancelled: string
    readonly cancel: string
    readonly retry: string
    readonly untitled: string

    readonly video: string
    readonly photos: (count: number) => string
    readonly photo: (number: number) => string
    readonly sound: string
    readonly file: string
    readonly progress: (received: string, size: string | null) => string
    readonly broken: string
    readonly save: string
    readonly saveNamed: (what: string) => string
    readonly saveAll: string
    readonly zipping: string
    readonly share: string
    readonly openPhoto: (number: number) => string
    readonly close: string
    readonly previous: string
    readonly next: string

    readonly failures: Readonly<Record<Exclude<Failure['kind'], 'refused'>, FailureWords>>
    /** An error that the server's table does not have. */
    readonly unknownRefusal: (status: number) => FailureWords
    readonly waitAdvice: (seconds: number) => string
    readonly failed: string
    readonly whatCameStays: string

    readonly recent: string
    readonly recentHint: string
    readonly keepRecent: string
    readonly forgetRecent: string

    readonly documentation: string
    readonly privacy: string
}
