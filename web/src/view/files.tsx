import type { Job, JobFile } from '../state/job'
import { sizeText } from '../words/numbers'
import { useLanguage, useWords } from './context'
import { PhotoStrip } from './photo_strip'
import { urlOf } from './object_urls'
import { SaveLink } from './save'

/** The files, each in its own way: a video plays, photos stand in a strip, sound has a player. */
export function Files({ job }: { job: Job }) {
    const isOver = job.outcome !== null
    const photos = job.files.filter((file) => file.kind === 'photo')
    const others = job.files.filter((file) => file.kind !== 'photo')
    return (
        <>
            {photos.length > 0 && <PhotoStrip photos={photos} isOver={isOver} />}
            {others.map((file) => (
                <SingleFile key={file.name} file={file} isOver={isOver} isOnly={job.files.length === 1} />
            ))}
        </>
    )
}

function SingleFile({ file, isOver, isOnly }: { file: JobFile; isOver: boolean; isOnly: boolean }) {
    const words = useWords()
    const language = useLanguage()
    const what = { video: words.video, sound: words.sound, photo: words.file, other: words.file }[file.kind]
    return (
        <div class={`file ${file.kind}`}>
            {file.blob && file.kind === 'video' && (
                <video src={urlOf(file.blob)} controls playsInline preload="auto" aria-label={what} />
            )}
            {file.blob && file.kind === 'sound' && (
                <audio src={urlOf(file.blob)} controls preload="metadata" aria-label={what} />
            )}
            <div class="file-line">
                <span class="file-name">{what}</span>
                {file.blob && <span class="hint">{sizeText(file.blob.size, language)}</span>}
                {file.blob && (
                    <SaveLink blob={file.blob} name={file.name} label={words.saveNamed(file.name)} isPrimary={isOnly}>
                        {words.save}
                    </SaveLink>
                )}
            </div>
            {!file.blob && <FileProgress file={file} what={what} isOver={isOver} />}
        </div>
    )
}

/** How far a file has come; indeterminate where nobody knows how far it is to go. */
export function FileProgress({ file, what, isOver }: { file: JobFile; what: string; isOver: boolean }) {
    const words = useWords()
    const language = useLanguage()
    if (isOver) return <p class="hint">{words.broken}</p>
    const text = words.progress(
        sizeText(file.received, language),
        file.size === null ? null : sizeText(file.size, language),
    )
    return (
        <div class="file-progress">
            {file.size === null ? (
                <progress aria-label={what} />
            ) : (
                <progress aria-label={what} max={Math.max(file.size, 1)} value={file.received} />
            )}
            <span class="hint">{text}</span>
        </div>
    )
}
