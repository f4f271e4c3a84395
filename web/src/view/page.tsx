import { wordsIn } from '../words/language'
import { SpokenLanguage, useWords, type PartProps } from './context'
import { Logo } from './icons'
import { OrderForm } from './order_form'
import { Recent } from './recent'
import { Result } from './result'

export function Page({ session, state }: PartProps) {
    return (
        <SpokenLanguage.Provider value={state.language}>
            <Header session={session} state={state} />
            <main>
                <OrderForm session={session} state={state} />
                <Result session={session} state={state} />
                <Recent session={session} state={state} />
            </main>
            <Footer version={state.about.version} />
        </SpokenLanguage.Provider>
    )
}

function Header({ session, state }: PartProps) {
    const { otherLanguage, tagline } = wordsIn[state.language]
    return (
        <header class="masthead">
            <Logo />
            <div>
                <h1>TTSave</h1>
                <p>{tagline}</p>
            </div>
            <button
                type="button"
                class="quiet"
                lang={otherLanguage.code}
                onClick={() => session.speak(otherLanguage.code)}
            >
                {otherLanguage.name}
            </button>
        </header>
    )
}

function Footer({ version }: { version: string }) {
    const words = useWords()
    return (
        <footer>
            <p>{words.privacy}</p>
            <p>
                <a href="./docs">{words.documentation}</a>
                {version && <span class="version">TTSave {version}</span>}
            </p>
        </footer>
    )
}
