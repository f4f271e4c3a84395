import { render } from 'preact'
import { wholeFiles } from './state/job'
import { sharedText } from './state/link'
import { Session, type State } from './state/session'
import { Shelf } from './state/shelf'
import { keepOnly } from './view/object_urls'
import { Page } from './view/page'
import { fetchAbout } from './wire/about'
import { languageOf } from './words/language'
import './style/base.css'
import './style/controls.css'
import './style/frame.css'
import './style/form.css'
import './style/result.css'
import './style/progress.css'
import './style/photos.css'
import './style/recent.css'

const root = document.getElementById('page')
if (root === null) throw new Error('index.html has no place for the page')

const shelf = new Shelf(() => localStorage)
const session = new Session(shelf, shelf.language ?? languageOf(navigator.languages))

// Bytes come more often than a screen can show them.
let isDue = false
session.store.onChange(() => {
    if (isDue) return
    isDue = true
    requestAnimationFrame(() => {
        isDue = false
        show(session.state)
    })
})

function show(state: State): void {
    keepOnly(new Set(state.job === null ? [] : wholeFiles(state.job).map(({ blob }) => blob)))
    document.documentElement.lang = state.language
    render(<Page session={session} state={state} />, root as HTMLElement)
}

show(session.state)
const shared = sharedText(location.search)
if (shared !== null) {
    session.enter(shared)
    // Reloading the page shall not start it again.
    history.replaceState(null, '', location.pathname)
}
session.learn(await fetchAbout())
if (shared !== null) await session.start()
