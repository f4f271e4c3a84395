import type { ComponentChildren } from 'preact'
import { SaveIcon } from './icons'
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

/** Saves what was made just now and is shown nowhere. */
export function saveBlob(blob: Blob, name: string): void {
    const link = document.createElement('a')
    link.href = URL.createObjectURL(blob)
    link.download = name
    link.click()
    // The browser takes a while to begin, and does not say when it has.
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
