import { useEffect, useRef, useState } from 'preact/hooks'
import type { JobFile } from '../state/job'
import { useWords } from './context'
import { BackIcon, CloseIcon, ForthIcon } from './icons'
import { urlOf } from './object_urls'

interface ViewerProps {
    photos: readonly JobFile[]
    first: number
    onClose: () => void
}

/** One photo on the whole screen, and the way to the others by buttons or arrow keys. */
export function PhotoViewer({ photos, first, onClose }: ViewerProps) {
    const words = useWords()
    const dialog = useRef<HTMLDialogElement>(null)
    const [index, setIndex] = useState(first)
    useEffect(() => dialog.current?.showModal(), [])

    const step = (by: number): void => setIndex((index + by + photos.length) % photos.length)
    const onKeyDown = (event: KeyboardEvent): void => {
        if (event.key === 'ArrowLeft') step(-1)
        if (event.key === 'ArrowRight') step(1)
    }
    const blob = photos[index]?.blob
    const name = words.photo(index + 1)
    return (
        <dialog ref={dialog} class="viewer" aria-label={name} onClose={onClose} onKeyDown={onKeyDown}>
            {blob && <img src={urlOf(blob)} alt={name} />}
            <div class="actions">
                <button type="button" aria-label={words.previous} onClick={() => step(-1)}>
                    <BackIcon />
                </button>
                <span>
                    {index + 1} / {photos.length}
                </span>
                <button type="button" aria-label={words.next} onClick={() => step(1)}>
                    <ForthIcon />
                </button>
                <button type="button" onClick={() => dialog.current?.close()}>
                    <CloseIcon />
                    {words.close}
                </button>
            </div>
        </dialog>
    )
}
