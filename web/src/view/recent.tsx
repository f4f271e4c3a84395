import { useWords, type PartProps } from './context'

/** What was downloaded last, kept in this browser only, and only as long as that is wanted. */
export function Recent({ session, state }: PartProps) {
    const words = useWords()
    const again = (link: string): void => {
        session.enter(link)
        void session.start()
        window.scrollTo({ top: 0 })
        document.getElementById('start')?.focus()
    }
    return (
        <section class="recent" aria-labelledby="recent-title">
            <h2 id="recent-title">{words.recent}</h2>
            <p class="hint" id="recent-hint">
                {words.recentHint}
            </p>
            {state.recent.length > 0 && (
                <ul>
                    {state.recent.map(({ link, title }) => (
                        <li key={link}>
                            <button type="button" onClick={() => again(link)}>
                                <span class="recent-name" dir="auto">
                                    {title || words.untitled}
                                </span>
                                <span class="hint">{link.replace(/^https?:\/\/(www\.)?/, '')}</span>
                            </button>
                        </li>
                    ))}
                </ul>
            )}
            <div class="recent-foot">
                <label class="check">
                    <input
                        type="checkbox"
                        checked={state.keepsRecent}
                        aria-describedby="recent-hint"
                        onChange={(event) => session.keepRecent(event.currentTarget.checked)}
                    />
                    {words.keepRecent}
                </label>
                {state.recent.length > 0 && (
                    <button type="button" class="quiet" onClick={() => session.forgetRecent()}>
                        {words.forgetRecent}
                    </button>
                )}
            </div>
        </section>
    )
}
