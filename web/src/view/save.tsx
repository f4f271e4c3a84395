import type { ComponentChildren } from 'preact'
import type { WholeFile } from '../state/job'
import { useWords } from './context'
import { SaveIcon, ShareIcon } from './icons'
import { urlOf } from './object_urls'

/** A link that saves a file when it is followed, as browsers do it best. */
interface SaveLinkProps {
    blob: Blob
    name: string
    label: string
    isPrimary?: boolean
    children?: ComponentChildren
}

export function SaveLink({ blob, name, label, isPrimary = false, children }: SaveLinkProps) {
    return (
        <a class={isPrimary ? 'button primary' : 'button'} href={urlOf(blob)} download={name} aria-label={label}>
            <SaveIcon />
            {children}
        </a>
    )
}

/** Hands files to the device's share sheet, by which a phone puts them into its gallery; nothing where there is none. */
export function ShareButton({ files }: { files: readonly WholeFile[] }) {
    const words = useWords()
    const shared = { files: files.map(({ name, blob }) => new File([blob], name, { type: blob.type })) }
    if (!navigator.canShare?.(shared)) return null
    // Whoever closes the sheet does not share; that is no failure.
    const share = (): Promise<void> => navigator.share(shared).catch(() => undefined)
    return (
        <button type="button" onClick={() => void share()}>
            <ShareIcon />
            {words.share}
        </button>
    )
}

/** Saves what was made just now and is shown nowhere. */
export function saveBlob(blob: Blob, name: string): void {
    const link = document.createElement('a')
    link.href = URL.createObjectURL(blob)
    link.download = name
    link.click()
    // The browser takes a while to begin, and does not say when it has.
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
