/** A download as the page shows it. Values only: `advance` and `end` make the next state of one, and touch nothing. */

import type { ContentType, DownloadEvent } from '../wire/download'
import type { PostMeta } from '../wire/content_meta'
import type { Failure } from '../wire/failure'

export type FileKind = 'video' | 'photo' | 'sound' | 'other'

export interface JobFile {
    readonly name: string
    readonly kind: FileKind
    /** In bytes; null where the server does not know it before the end. */
    readonly size: number | null
    readonly received: number
    /** The whole file; null until it has come. */
    readonly blob: Blob | null
}

export type WholeFile = JobFile & { readonly blob: Blob }

export type Outcome =
    { readonly kind: 'done' } | { readonly kind: 'cancelled' } | { readonly kind: 'failed'; readonly failure: Failure }

export interface Job {
    readonly link: string
    readonly contentType: ContentType
    /** Null until the server has answered. */
    readonly post: PostMeta | null
    readonly files: readonly JobFile[]
    /** Null while it goes on. */
    readonly outcome: Outcome | null
}

export function newJob(link: string, contentType: ContentType): Job {
    return { link, contentType, post: null, files: [], outcome: null }
}

export function advance(job: Job, event: DownloadEvent): Job {
    switch (event.kind) {
        case 'post':
            return { ...job, post: event.post }
        case 'file': {
            const { name, type, size } = event
            return { ...job, files: [...job.files, { name, kind: kindOf(type), size, received: 0, blob: null }] }
        }
        case 'received':
            return withLast(job, (file) => ({ ...file, received: file.received + event.bytes }))
        case 'saved':
            return withLast(job, (file) => ({ ...file, size: event.blob.size, blob: event.blob }))
    }
}

export function end(job: Job, outcome: Outcome): Job {
    return { ...job, outcome }
}

/** Those of its files that can be saved. */
export function wholeFiles(job: Job): WholeFile[] {
    return job.files.filter((file): file is WholeFile => file.blob !== null)
}

export function totalBytes(files: readonly JobFile[]): number {
    return files.reduce((sum, file) => sum + file.received, 0)
}

export function kindOf(type: string): FileKind {
    if (type.startsWith('video/')) return 'video'
    if (type.startsWith('image/')) return 'photo'
    return type.startsWith('audio/') ? 'sound' : 'other'
}

function withLast(job: Job, change: (file: JobFile) => JobFile): Job {
    const last = job.files.at(-1)
    return last === undefined ? job : { ...job, files: [...job.files.slice(0, -1), change(last)] }
}
