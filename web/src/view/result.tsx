import { totalBytes, wholeFiles, type Job } from '../state/job'
import type { State } from '../state/session'
import type { Failure } from '../wire/failure'
import { explain, technicalName } from '../words/failure_words'
import { wordsIn } from '../words/language'
import { sizeText } from '../words/numbers'
import { useWords, type PartProps } from './context'
import { Files } from './files'
import { BoxIcon, CloseIcon, RetryIcon } from './icons'
import { PostHead } from './post_head'
import { saveBlob } from './save'

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
                    <Actions session={session} state={state} job={job} />
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

function Actions({ session, state, job }: PartProps & { job: Job }) {
    const words = useWords()
    const whole = wholeFiles(job)
    const saveAll = async (): Promise<void> => saveBlob(await session.zip(), `${job.post?.id || 'tiktok'}.zip`)
    const cancel = (): void => {
        session.cancel()
        // The button goes; whoever pressed it by keyboard shall not be thrown back to the top.
        document.getElementById('start')?.focus()
    }
    const again = (): void => {
        session.enter(job.link)
        void session.start()
    }
    const canRetry = job.outcome !== null && job.outcome.kind !== 'done'
    if (job.outcome !== null && !canRetry && whole.length < 2) return null
    return (
        <div class="actions">
            {whole.length > 1 && job.outcome !== null && (
                <button type="button" class={canRetry ? '' : 'primary'} onClick={() => void saveAll()}>
                    <BoxIcon />
                    {state.isZipping ? words.zipping : words.saveAll}
                </button>
            )}
            {job.outcome === null && (
                <button type="button" onClick={cancel}>
                    <CloseIcon />
                    {words.cancel}
                </button>
            )}
            {canRetry && (
                <button type="button" class="primary" onClick={again}>
                    <RetryIcon />
                    {words.retry}
                </button>
            )}
        </div>
    )
}
