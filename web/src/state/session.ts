/** What the page knows, and everything that a person can do on it. The view shows the one and calls the other. */

import { downloadZip } from 'client-zip'
import { unknownServer, type About, type Language } from '../wire/about'
import { download, type ContentType } from '../wire/download'
import { DownloadFailed } from '../wire/failure'
import { advance, end, newJob, wholeFiles, type Job, type Outcome } from './job'
import { findLink } from './link'
import type { RecentLink, Shelf } from './shelf'
import { Store } from './store'

/** What is wrong with what was entered, before anything is asked of the server. */
export type Complaint = 'no_text' | 'no_link' | 'no_key' | 'wrong_key'

export interface State {
    readonly about: About
    readonly language: Language
    readonly text: string
    readonly contentType: ContentType
    readonly key: string
    readonly remembersKey: boolean
    /** Whether a key has to be entered; false again once the server has accepted one. */
    readonly asksForKey: boolean
    readonly complaint: Complaint | null
    readonly job: Job | null
    readonly isZipping: boolean
    readonly recent: readonly RecentLink[]
    readonly keepsRecent: boolean
}

export class Session {
    readonly store: Store<State>
    #running = new AbortController()

    constructor(
        private readonly shelf: Shelf,
        language: Language,
    ) {
        const { contentType, recent, keepsRecent } = shelf
        const key = shelf.key ?? ''
        this.store = new Store<State>({
            about: unknownServer,
            language,
            text: '',
            contentType,
            key,
            remembersKey: key !== '',
            asksForKey: false,
            complaint: null,
            job: null,
            isZipping: false,
            recent,
            keepsRecent,
        })
    }

    get state(): State {
        return this.store.get()
    }

    /** As it was meant: what is copied often has a space at its end. */
    get #key(): string {
        return this.state.key.trim()
    }

    learn(about: About): void {
        this.store.set({ about, asksForKey: about.needsKey && this.state.key === '' })
    }

    speak(language: Language): void {
        this.shelf.language = language
        this.store.set({ language })
    }

    enter(text: string): void {
        this.store.set({ text, complaint: null })
    }

    choose(contentType: ContentType): void {
        this.shelf.contentType = contentType
        this.store.set({ contentType })
    }

    enterKey(key: string): void {
        this.store.set({ key, complaint: null })
    }

    rememberKey(remembersKey: boolean): void {
        this.store.set({ remembersKey })
        if (!remembersKey) this.shelf.key = null
    }

    forgetKey(): void {
        this.shelf.key = null
        this.store.set({ key: '', remembersKey: false, asksForKey: this.state.about.needsKey })
    }

    forgetRecent(): void {
        this.shelf.recent = []
        this.store.set({ recent: [] })
    }

    keepRecent(keepsRecent: boolean): void {
        this.shelf.keepsRecent = keepsRecent
        this.store.set({ keepsRecent, recent: this.shelf.recent })
    }

    /** Downloads what was entered, in place of a download that still runs. Resolves when it has ended, however. */
    async start(): Promise<void> {
        const { text, asksForKey } = this.state
        const link = findLink(text)
        if (link === null) return this.store.set({ complaint: text.trim() === '' ? 'no_text' : 'no_link' })
        if (asksForKey && this.#key === '') return this.store.set({ complaint: 'no_key' })
        this.cancel()
        const running = new AbortController()
        this.#running = running
        this.store.set({ complaint: null, job: newJob(link, this.state.contentType), isZipping: false })
        const outcome = await this.#run(link, running.signal)
        // Another one may have taken its place.
        if (running === this.#running) this.#finish(outcome)
    }

    /** Ends the download that runs, if one does; what has come of it stays. */
    cancel(): void {
        this.#running.abort()
        const { job } = this.state
        if (job !== null && job.outcome === null) this.store.set({ job: end(job, { kind: 'cancelled' }) })
    }

    /** A zip of all files that have come. */
    async zip(): Promise<Blob> {
        this.store.set({ isZipping: true })
        try {
            const files = this.state.job === null ? [] : wholeFiles(this.state.job)
            return await downloadZip(files.map(({ name, blob }) => ({ name, input: blob }))).blob()
        } finally {
            this.store.set({ isZipping: false })
        }
    }

    async #run(link: string, signal: AbortSignal): Promise<Outcome> {
        const { about, contentType } = this.state
        const order = { to: about.downloadUrl, link, contentType, key: this.#key === '' ? null : this.#key }
        try {
            for await (const event of download(order, signal)) {
                const { job } = this.state
                if (signal.aborted || job === null) return { kind: 'cancelled' }
                this.store.set({ job: advance(job, event) })
                if (event.kind !== 'post') continue
                this.#acceptKey()
                this.#rememberLink({ link, title: event.post.title })
            }
            return { kind: 'done' }
        } catch (error) {
            if (signal.aborted) return { kind: 'cancelled' }
            if (error instanceof DownloadFailed) return { kind: 'failed', failure: error.failure }
            reportError(error)
            return { kind: 'failed', failure: { kind: 'not_understood' } }
        }
    }

    #finish(outcome: Outcome): void {
        const { job } = this.state
        if (job === null || job.outcome !== null) return
        const status = outcome.kind === 'failed' && outcome.failure.kind === 'refused' ? outcome.failure.status : null
        if (status === 401) return this.#refuseKey()
        // Who is told what is wrong with a post has been let in.
        if (status === 400 || status === 422) this.#acceptKey()
        this.store.set({ job: end(job, outcome) })
    }

    #acceptKey(): void {
        if (this.#key !== '' && this.state.remembersKey) this.shelf.key = this.#key
        this.store.set({ asksForKey: false })
    }

    /** Not a failure of the post: the form asks for what is missing, and the next try goes on from there. */
    #refuseKey(): void {
        this.shelf.key = null
        this.store.set({ job: null, asksForKey: true, complaint: this.#key === '' ? 'no_key' : 'wrong_key' })
    }

    #rememberLink(link: RecentLink): void {
        this.shelf.remember(link)
        this.store.set({ recent: this.shelf.recent })
    }
}
