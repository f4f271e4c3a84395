/** The addresses by which the page's elements refer to files that it holds. */

const urls = new Map<Blob, string>()

/** The same address for the same file, for as long as it is kept. */
export function urlOf(blob: Blob): string {
    const url = urls.get(blob) ?? URL.createObjectURL(blob)
    urls.set(blob, url)
    return url
}

/** Lets go of all others, whose memory the browser holds until then. */
export function keepOnly(blobs: ReadonlySet<Blob>): void {
    for (const [blob, url] of urls) {
        if (blobs.has(blob)) continue
        URL.revokeObjectURL(url)
        urls.delete(blob)
    }
}
