/** Finds the link in what people paste or share: `Look at this! https://vm.tiktok.com/ZMabc/ #fun`. */

/** TikTok's hosts, with or without a scheme in front; what is a post there is for the server to say. */
const tiktokLink = /(?:https?:\/\/)?(?:[\w-]+\.)*tiktokv?\.com\/[^\s<>"'`]+/i
const anyLink = /https?:\/\/[^\s<>"'`]+/i

/** What belongs to the sentence around a link, not to the link. */
const trailingPunctuation = /[.,;:!?)\]}»”’…]+$/u

/** The first link to TikTok in `text`, else the first link; null if there is none. */
export function findLink(text: string): string | null {
    const found = tiktokLink.exec(text)?.[0] ?? anyLink.exec(text)?.[0]
    return found?.replace(trailingPunctuation, '') ?? null
}

/** What a phone's share sheet put into the page's address (the manifest's share_target); null if it put nothing. */
export function sharedText(search: string): string | null {
    const shared = new URLSearchParams(search)
    const text = ['url', 'text', 'title']
        .map((name) => shared.get(name)?.trim())
        .filter(Boolean)
        .join(' ')
    return text === '' ? null : text
}
