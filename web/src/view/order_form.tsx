import { useEffect, useRef } from 'preact/hooks'
import type { Complaint } from '../state/session'
import type { ContentType } from '../wire/download'
import { useWords, type PartProps } from './context'
import { CloseIcon, PasteIcon, SaveIcon } from './icons'
import { KeyField } from './key_field'

const aboutTheKey: readonly (Complaint | null)[] = ['no_key', 'wrong_key']

/** Where a link is entered, what to make of it chosen, and a key given if there has to be one. */
export function OrderForm({ session, state }: PartProps) {
    const words = useWords()
    const submit = (event: Event): void => {
        event.preventDefault()
        void session.start()
    }
    return (
        <form class="card" noValidate onSubmit={submit}>
            <LinkField session={session} state={state} />
            <fieldset class="choice">
                <legend>{words.contentTypes}</legend>
                <Choice
                    session={session}
                    state={state}
                    value="ORIGINAL"
                    name={words.original}
                    hint={words.originalHint}
                />
                <Choice
                    session={session}
                    state={state}
                    value="VIDEO_ONLY"
                    name={words.videoOnly}
                    hint={words.videoOnlyHint}
                />
            </fieldset>
            <KeyField
                session={session}
                state={state}
                complaint={aboutTheKey.includes(state.complaint) ? state.complaint : null}
            />
            <button type="submit" class="primary" id="start">
                <SaveIcon />
                {words.start}
            </button>
        </form>
    )
}

function LinkField({ session, state }: PartProps) {
    const words = useWords()
    const input = useRef<HTMLInputElement>(null)
    const complaint = aboutTheKey.includes(state.complaint) ? null : state.complaint
    useEffect(() => {
        if (complaint !== null) input.current?.focus()
    }, [complaint])

    const paste = async (): Promise<void> => {
        // The browser asks whether it may; whoever says no pastes by hand.
        const text = await navigator.clipboard.readText().catch(() => null)
        if (!text) return input.current?.focus()
        session.enter(text)
        document.getElementById('start')?.focus()
    }
    const clear = (): void => {
        session.enter('')
        input.current?.focus()
    }
    return (
        <div class="field">
            <label for="link">{words.linkLabel}</label>
            <div class="with-button">
                <input
                    ref={input}
                    id="link"
                    type="text"
                    inputMode="url"
                    enterkeyhint="go"
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck={false}
                    placeholder={words.linkPlaceholder}
                    value={state.text}
                    aria-describedby="link-hint link-complaint"
                    aria-invalid={complaint !== null}
                    onInput={(event) => session.enter(event.currentTarget.value)}
                />
                {state.text !== '' ? (
                    <button type="button" class="quiet" aria-label={words.clear} onClick={clear}>
                        <CloseIcon />
                    </button>
                ) : (
                    canPaste() && (
                        <button type="button" class="quiet" onClick={() => void paste()}>
                            <PasteIcon />
                            {words.paste}
                        </button>
                    )
                )}
            </div>
            <p class="complaint" id="link-complaint" role="alert">
                {complaint && words.complaints[complaint]}
            </p>
            <p class="hint" id="link-hint">
                {words.linkHint}
            </p>
        </div>
    )
}

interface ChoiceProps extends PartProps {
    value: ContentType
    name: string
    hint: string
}

function Choice({ session, state, value, name, hint }: ChoiceProps) {
    return (
        <label>
            <input
                type="radio"
                name="content-type"
                value={value}
                checked={state.contentType === value}
                aria-describedby={`hint-${value}`}
                onChange={() => session.choose(value)}
            />
            <span class="choice-name">{name}</span>
            <span class="hint" id={`hint-${value}`}>
                {hint}
            </span>
        </label>
    )
}

/** Browsers offer the clipboard on https and localhost only, and not all of them do. */
function canPaste(): boolean {
    return typeof navigator.clipboard?.readText === 'function'
}
