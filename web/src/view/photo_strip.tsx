import { useState } from 'preact/hooks'
import type { JobFile } from '../state/job'
import { useWords } from './context'
import { FileProgress } from './files'
import { urlOf } from './object_urls'
import { PhotoViewer } from './photo_viewer'
import { SaveLink } from './save'

/** Photos side by side in the post's order; one that is pressed is shown large. */
export function PhotoStrip({ photos, isOver }: { photos: readonly JobFile[]; isOver: boolean }) {
    const words = useWords()
    const [open, setOpen] = useState<number | null>(null)
    return (
        <div class="file photos">
            <h3>{words.photos(photos.length)}</h3>
            <ol class="strip">
                {photos.map((photo, index) => (
                    <li key={photo.name}>
                        {photo.blob ? (
                            <button
                                type="button"
                                class="picture"
                                aria-label={words.openPhoto(index + 1)}
                                onClick={() => setOpen(index)}
                            >
                                <img src={urlOf(photo.blob)} alt="" decoding="async" />
                            </button>
                        ) : (
                            <div class="picture">
                                <FileProgress file={photo} what={words.photo(index + 1)} isOver={isOver} />
                            </div>
                        )}
                        {photo.blob && (
                            <SaveLink blob={photo.blob} name={photo.name} label={words.saveNamed(photo.name)} />
                        )}
                    </li>
                ))}
            </ol>
            {open !== null && <PhotoViewer photos={photos} first={open} onClose={() => setOpen(null)} />}
        </div>
    )
}
