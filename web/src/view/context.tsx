import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Language } from '../wire/about'
import { wordsIn } from '../words/language'
import type { Words } from '../words/words'

/** The language of everything below. */
export const SpokenLanguage = createContext<Language>('en')

export function useLanguage(): Language {
    return useContext(SpokenLanguage)
}

export function useWords(): Words {
    return wordsIn[useLanguage()]
}
