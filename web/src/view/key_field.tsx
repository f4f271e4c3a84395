import { useEffect, useRef } from 'preact/hooks'
import type { Complaint } from '../state/session'
import { useWords, type PartProps } from './context'

/** Asks for a key where the server wants one; says that one is remembered where it is. */
export function KeyField({ session, state, complaint }: PartProps & { complaint: Complaint | null }) {
    const words = useWords()
    const input = useRef<HTMLInputElement>(null)
    useEffect(() => {
        if (complaint !== null) input.current?.focus()
    }, [complaint])

    if (!state.asksForKey) {
        if (state.key === '' || !state.remembersKey) return null
        return (
            <p class="hint key-kept">
                {words.keyKept}
                <button type="button" class="link" onClick={() => session.forgetKey()}>
                    {words.keyForget}
                </button>
            </p>
        )
    }
    return (
        <div class="field">
            <label for="key">{words.keyLabel}</label>
            <input
                ref={input}
                id="key"
                type="password"
                autocomplete="off"
                spellcheck={false}
                value={state.key}
                aria-describedby="key-hint key-complaint"
                aria-invalid={complaint !== null}
                onInput={(event) => session.enterKey(event.currentTarget.value)}
            />
            <p class="complaint" id="key-complaint" role="alert">
                {complaint && words.complaints[complaint]}
            </p>
            <p class="hint" id="key-hint">
                {words.keyHint}
            </p>
            <label class="check">
                <input
                    type="checkbox"
                    checked={state.remembersKey}
                    onChange={(event) => session.rememberKey(event.currentTarget.checked)}
                />
                {words.keyRemember}
            </label>
        </div>
    )
}
