import { totalBytes, wholeFiles, type Job } from '../state/job'
import type { Session, State } from '../state/session'
import type { Failure } from '../wire/failure'
import { explain, technicalName } from '../words/failure_words'
import { wordsIn } from '../words/language'
import { sizeText } from '../words/numbers'
import { useWords, type PartProps } from './context'
import { Files } from './files'
import { BoxIcon, CloseIcon, RetryIcon } from './icons'
import { PostHead } from './post_head'
import { saveBlob, ShareButton } from './save'

/**
 * The download: what is known of it, its files, how it ended. The two live regions are there from the start, as screen
 * readers want it, and change only when something has happened that is worth saying: never with the bytes.
 */
export function Result({ session, state }: PartProps) {
    const { job } = state
    const failure = job?.outcome?.kind === 'failed' ? job.outcome.failure : null
    return (
        <section class={job ? 'card result' : 'result'}>
            <p class="status" role="status">
                {statusOf(state)}
            </p>
            <div role="alert">{failure && <FailureBox failure={failure} state={state} />}</div>
            {job && (
                <div class="parts" aria-busy={job.outcome === null}>
                    {job.post && <PostHead post={job.post} />}
                    {job.outcome === null && job.files.length === 0 && <Waiting />}
                    <Files job={job} />
                    {job.outcome === null ? (
                        <Running session={session} />
                    ) : (
                        <Ended session={session} state={state} job={job} />
                    )}
                </div>
            )}
        </section>
    )
}

function statusOf({ job, language }: State): string {
    const words = wordsIn[language]
    if (job === null || job.outcome?.kind === 'failed') return ''
    if (job.outcome === null) return job.post === null ? words.asking : words.receiving
    if (job.outcome.kind === 'cancelled') return words.cancelled
    return words.done(job.files.length, sizeText(totalBytes(job.files), language))
}

function Waiting() {
    return <progress aria-label={useWords().asking} />
}

function FailureBox({ failure, state }: { failure: Failure; state: State }) {
    const words = useWords()
    const { meaning, advice } = explain(failure, state.about.errors, state.language)
    const name = technicalName(failure)
    const hasFiles = state.job !== null && wholeFiles(state.job).length > 0
    return (
        <div class="failure">
            <h2>{words.failed}</h2>
            <p class="meaning">{meaning}</p>
            <p>
                {advice}
                {hasFiles && ` ${words.whatCameStays}`}
            </p>
            {name && (
                <p class="hint">
                    <code>{name}</code>
                </p>
            )}
        </div>
    )
}

/** The button that starts a download stays where others go: whoever pressed one of them by keyboard is not lost. */
function focusStart(): void {
    document.getElementById('start')?.focus()
}

function Running({ session }: { session: Session }) {
    const words = useWords()
    const cancel = (): void => {
        session.cancel()
        focusStart()
    }
    return (
        <div class="actions">
            <button type="button" onClick={cancel}>
                <CloseIcon />
                {words.cancel}
            </button>
        </div>
    )
}

/** What can be done with a download that has ended, however it has. */
function Ended({ session, state, job }: PartProps & { job: Job }) {
    const words = useWords()
    const files = wholeFiles(job)
    const isDone = job.outcome?.kind === 'done'
    const saveAll = async (): Promise<void> => saveBlob(await session.zip(), `${job.post?.id || 'tiktok'}.zip`)
    const again = (): void => {
        session.enter(job.link)
        void session.start()
        focusStart()
    }
    return (
        <div class="actions">
            {files.length > 1 && (
                <button type="button" class={isDone ? 'primary' : ''} onClick={() => void saveAll()}>
                    <BoxIcon />
                    {state.isZipping ? words.zipping : words.saveAll}
                </button>
            )}
            {files.length > 0 && <ShareButton files={files} />}
            {!isDone && (
                <button type="button" class="primary" onClick={again}>
                    <RetryIcon />
                    {words.retry}
                </button>
            )}
        </div>
    )
}
