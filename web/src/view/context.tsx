import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Session, State } from '../state/session'
import type { Language } from '../wire/about'
import { wordsIn } from '../words/language'
import type { Words } from '../words/words'

/** What the page's parts are given: what to show, and what to call. */
export interface PartProps {
    session: Session
    state: State
}

/** The language of everything below. */
export const SpokenLanguage = createContext<Language>('en')

export function useLanguage(): Language {
    return useContext(SpokenLanguage)
}

export function useWords(): Words {
    return wordsIn[useLanguage()]
}
