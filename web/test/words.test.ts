import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { headingOf } from '../src/view/post_head'
import { findError, readAbout, unknownServer, type ErrorEntry } from '../src/wire/about'
import type { Failure } from '../src/wire/failure'
import { explain, technicalName } from '../src/words/failure_words'
import { languageOf, wordsIn } from '../src/words/language'
import { durationText, sizeText } from '../src/words/numbers'

const both = (text: string) => ({ en: text, ru: `${text} по-русски` })
const entry = (status: number, text: string, names: { code?: string; type?: string } = {}): ErrorEntry => ({
    status,
    ...names,
    meaning: both(text),
    advice: both(`what to do about ${text}`),
})
const table = [
    entry(400, 'private', { code: 'post.private' }),
    entry(422, 'host', { type: 'value_error.url.host' }),
    entry(422, 'invalid'),
    entry(429, 'too many'),
    entry(400, 'bad request'),
]
const refused = (
    status: number,
    names: { code?: string; type?: string; retryAfterSeconds?: number } = {},
): Failure & { kind: 'refused' } => ({
    kind: 'refused',
    status,
    code: null,
    type: null,
    retryAfterSeconds: null,
    ...names,
})

describe('an error is looked up', () => {
    const cases: [string, Parameters<typeof findError>[1], string | undefined][] = [
        ['by its code', refused(400, { code: 'post.private' }), 'private'],
        ['by its type and status', refused(422, { type: 'value_error.url.host' }), 'host'],
        ['by its status, if its type has another', refused(400, { type: 'value_error.url.host' }), 'bad request'],
        ['by its status, if its type is new', refused(422, { type: 'value_error.new' }), 'invalid'],
        ['by its status, if its code is new', refused(400, { code: 'post.new' }), 'bad request'],
        ['by its status', refused(429), 'too many'],
        ['in vain', refused(418), undefined],
    ]
    for (const [name, error, expected] of cases)
        test(name, () => assert.equal(findError(table, error)?.meaning.en, expected))
})

describe('people are told', () => {
    test('what the table says, in their language', () => {
        assert.deepEqual(explain(refused(400, { code: 'post.private' }), table, 'en'), {
            meaning: 'private',
            advice: 'what to do about private',
        })
        assert.equal(explain(refused(400, { code: 'post.private' }), table, 'ru').meaning, 'private по-русски')
    })

    test('how long to wait', () => {
        const { advice } = explain(refused(429, { retryAfterSeconds: 7 }), table, 'en')
        assert.equal(advice, 'what to do about too many The server asks to wait 7 s.')
    })

    test('something of everything else', () => {
        const failures: Failure[] = [
            { kind: 'unreachable' },
            { kind: 'offline' },
            { kind: 'connection_lost' },
            { kind: 'cut_off' },
            { kind: 'not_understood' },
            refused(418),
        ]
        for (const language of ['en', 'ru'] as const) {
            const said = failures.map((failure) => explain(failure, [], language))
            assert.equal(new Set(said.map(({ meaning }) => meaning)).size, failures.length)
            for (const { meaning, advice } of said) assert.ok(meaning.length > 5 && advice.length > 10)
        }
        assert.match(explain(refused(418), [], 'en').meaning, /418/)
    })

    test('what to tell the operator', () => {
        const named = [
            refused(400, { code: 'post.private' }),
            refused(422, { type: 'a.b' }),
            refused(429),
            { kind: 'offline' } as const,
        ]
        assert.deepEqual(named.map(technicalName), ['post.private', 'a.b', '429', null])
    })
})

test('what the server tells of itself is believed as far as it makes sense', () => {
    const told = readAbout({
        version: '3.1.0',
        download_path: '/base/download',
        needs_key: true,
        errors: [table[0], { status: 1 }, null, 3],
    })
    assert.deepEqual(told, { version: '3.1.0', downloadUrl: './base/download', needsKey: true, errors: [table[0]] })
    for (const nonsense of [null, 3, [], {}, { version: 3, errors: {} }])
        assert.deepEqual(readAbout(nonsense), unknownServer)
})

describe('both languages', () => {
    test('say something everywhere, and not the same', () => {
        const texts = (value: unknown): string[] => {
            if (typeof value === 'string') return [value]
            if (typeof value === 'function') return texts(value(2, '3 MB'))
            return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : []
        }
        const english = texts(wordsIn.en)
        const russian = texts(wordsIn.ru)
        assert.equal(english.length, russian.length)
        for (const text of [...english, ...russian]) assert.notEqual(text.trim(), '')
        for (const text of russian)
            if (!['en', 'English'].includes(text) && !text.startsWith('vm.')) assert.match(text, /[а-яё]/i)
        for (const text of english) if (text !== 'Русский') assert.doesNotMatch(text, /[а-яё]/i)
    })

    test('count as they do', () => {
        const counts = (language: 'en' | 'ru'): string[] =>
            [1, 2, 5, 11, 21].map((count) => wordsIn[language].photos(count))
        assert.deepEqual(counts('en'), ['1 photo', '2 photos', '5 photos', '11 photos', '21 photos'])
        assert.deepEqual(counts('ru'), [
            '1 фотография',
            '2 фотографии',
            '5 фотографий',
            '11 фотографий',
            '21 фотография',
        ])
    })

    test('are chosen by the browser', () => {
        const chosen: [string[], string][] = [
            [['ru-RU', 'en'], 'ru'],
            [['RU'], 'ru'],
            [['de-DE', 'ru', 'en'], 'ru'],
            [['en-GB', 'ru'], 'en'],
            [['uk', 'de'], 'en'],
            [[], 'en'],
        ]
        for (const [preferred, language] of chosen) assert.equal(languageOf(preferred), language, preferred.join())
    })
})

test('sizes and times are written as people write them', () => {
    const plain = (text: string): string => text.replaceAll('\u00a0', ' ')
    assert.deepEqual(
        [0, 999, 1000, 236_525, 5_138_882, 2_500_000_000].map((size) => plain(sizeText(size, 'en'))),
        ['0 bytes', '999 bytes', '1 kB', '237 kB', '5.1 MB', '2.5 GB'],
    )
    assert.equal(plain(sizeText(5_138_882, 'ru')), '5,1 МБ')
    assert.deepEqual([0.4, 7, 59.6, 725].map(durationText), ['0:00', '0:07', '1:00', '12:05'])
})

test('a title that is the beginning of the description is said once', () => {
    const heading = (title: string, description: string) =>
        headingOf({ id: '', author: '', duration: null, title, description })
    assert.deepEqual(heading('text', 'text'), { heading: 'text', text: '' })
    assert.deepEqual(heading('a long te...', 'a long text'), { heading: 'a long text', text: '' })
    assert.deepEqual(heading('a title', 'other words'), { heading: 'a title', text: 'other words' })
    const long = `a long text ${'x'.repeat(300)}`
    assert.deepEqual(heading('a long text...', long), { heading: 'a long text...', text: long })
    assert.deepEqual(heading('', ''), { heading: '', text: '' })
})
