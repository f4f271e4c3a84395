import { findError, type ErrorEntry, type Language } from '../wire/about'
import type { Failure } from '../wire/failure'
import { wordsIn } from './language'
import type { FailureWords } from './words'

/** What people are told of a failure: the words of the server's own table for its errors, the page's for the rest. */
export function explain(failure: Failure, errors: readonly ErrorEntry[], language: Language): FailureWords {
    const words = wordsIn[language]
    if (failure.kind !== 'refused') return words.failures[failure.kind]
    const entry = findError(errors, failure)
    const told = entry
        ? { meaning: entry.meaning[language], advice: entry.advice[language] }
        : words.unknownRefusal(failure.status)
    if (failure.retryAfterSeconds === null) return told
    return { ...told, advice: `${told.advice} ${words.waitAdvice(failure.retryAfterSeconds)}` }
}

/** What whoever runs the server wants to hear of a failure: the API's own name for it. */
export function technicalName(failure: Failure): string | null {
    return failure.kind === 'refused' ? (failure.code ?? failure.type ?? String(failure.status)) : null
}
