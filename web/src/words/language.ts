import type { Language } from '../wire/about'
import { en } from './en'
import { ru } from './ru'
import type { Words } from './words'

export const wordsIn: Readonly<Record<Language, Words>> = { en, ru }

/** The first of a browser's languages that the page speaks; English for whoever speaks neither. */
export function languageOf(preferred: readonly string[]): Language {
    for (const tag of preferred) {
        const language = tag.toLowerCase().split('-')[0]
        if (language === 'en' || language === 'ru') return language
    }
    return 'en'
}
