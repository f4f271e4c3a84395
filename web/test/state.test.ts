import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { advance, end, kindOf, newJob, totalBytes, wholeFiles } from '../src/state/job'
import { findLink, sharedText } from '../src/state/link'
import { Shelf } from '../src/state/shelf'
import { readContentMeta } from '../src/wire/content_meta'

test('the link is found in what people paste', () => {
    const found: [string, string | null][] = [
        ['https://vm.tiktok.com/ZMabc/', 'https://vm.tiktok.com/ZMabc/'],
        ['  vm.tiktok.com/ZMabc  ', 'vm.tiktok.com/ZMabc'],
        ['Look at this! https://vm.tiktok.com/ZMabc/ #fun', 'https://vm.tiktok.com/ZMabc/'],
        [
            'Смотри: https://www.tiktok.com/@some.user/video/7312?is_from=web&x=1.',
            'https://www.tiktok.com/@some.user/video/7312?is_from=web&x=1',
        ],
        ['(see https://vt.tiktok.com/ZSabc)', 'https://vt.tiktok.com/ZSabc'],
        ['«https://vt.tiktok.com/ZSabc».', 'https://vt.tiktok.com/ZSabc'],
        ['https://example.com/a and https://m.tiktok.com/v/7312.html', 'https://m.tiktok.com/v/7312.html'],
        ['https://www.tiktokv.com/share/video/7312/', 'https://www.tiktokv.com/share/video/7312/'],
        ['HTTPS://VM.TIKTOK.COM/ZMabc', 'HTTPS://VM.TIKTOK.COM/ZMabc'],
        ['https://example.com/watch?v=1', 'https://example.com/watch?v=1'],
        ['tiktok', null],
        ['my password', null],
        ['', null],
    ]
    for (const [text, link] of found) assert.equal(findLink(text), link, text)
})

test('what was shared is taken from the address', () => {
    assert.equal(sharedText(''), null)
    assert.equal(sharedText('?utm=x'), null)
    assert.equal(sharedText('?title=&text=%20&url='), null)
    assert.equal(
        sharedText('?title=A+post&text=Look%3A+https%3A%2F%2Fvm.tiktok.com%2FZMabc'),
        'Look: https://vm.tiktok.com/ZMabc A post',
    )
    assert.equal(sharedText('?url=https%3A%2F%2Fvm.tiktok.com%2FZMabc'), 'https://vm.tiktok.com/ZMabc')
})

describe('Content-Meta', () => {
    const header = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64')

    test('is Base64 of JSON in UTF-8', () => {
        const meta = { title: ' Привет 👋 ', desc: 'мир', author: 'ü', id: '7', type: 'video', duration: 3.5 }
        assert.deepEqual(readContentMeta(header(meta)), {
            id: '7',
            title: 'Привет 👋',
            description: 'мир',
            author: 'ü',
            duration: 3.5,
        })
    })

    test('that cannot be read says nothing', () => {
        const nothing = { id: '', title: '', description: '', author: '', duration: null }
        for (const bad of [
            null,
            '',
            '***',
            'bm8=',
            header(null),
            header([]),
            header('x'),
            header({ title: 1, desc: null, duration: '3' }),
        ]) {
            assert.deepEqual(readContentMeta(bad), nothing, String(bad))
        }
    })
})

describe('a job', () => {
    const post = { id: '7', title: 't', description: 'd', author: 'a', duration: null }

    test('grows with what is told of it, and keeps what it was', () => {
        const first = newJob('link', 'ORIGINAL')
        const known = advance(first, { kind: 'post', post })
        const begun = advance(known, { kind: 'file', name: '7.jpg', type: 'image/jpeg', size: null })
        const halfway = advance(begun, { kind: 'received', bytes: 3 })
        const further = advance(halfway, { kind: 'received', bytes: 4 })
        assert.deepEqual(further.files, [{ name: '7.jpg', kind: 'photo', size: null, received: 7, blob: null }])
        const blob = new Blob(['1234567'])
        const whole = advance(further, { kind: 'saved', blob })
        assert.deepEqual(whole.files, [{ name: '7.jpg', kind: 'photo', size: 7, received: 7, blob }])
        const two = advance(whole, { kind: 'file', name: '7.mp3', type: 'audio/mpeg', size: 9 })
        assert.equal(totalBytes(two.files), 7)
        assert.deepEqual(
            wholeFiles(two).map(({ name }) => name),
            ['7.jpg'],
        )
        assert.deepEqual(end(two, { kind: 'cancelled' }).outcome, { kind: 'cancelled' })
        assert.deepEqual([first.post, known.files, halfway.files[0]?.received, two.outcome], [null, [], 3, null])
    })

    test('knows what a file is by its type', () => {
        const kinds = ['video/mp4', 'image/webp', 'audio/mp4', 'application/octet-stream'].map(kindOf)
        assert.deepEqual(kinds, ['video', 'photo', 'sound', 'other'])
    })
})

describe('the shelf', () => {
    function storage(): Storage {
        const kept = new Map<string, string>()
        return {
            getItem: (name) => kept.get(name) ?? null,
            setItem: (name, value) => void kept.set(name, value),
            removeItem: (name) => void kept.delete(name),
            clear: () => kept.clear(),
            key: () => null,
            get length() {
                return kept.size
            },
        }
    }

    const shelfOf = (place: Storage): Shelf => new Shelf(() => place)

    test('keeps what it was given', () => {
        const place = storage()
        const before = shelfOf(place)
        assert.deepEqual(
            [before.language, before.contentType, before.key, before.keepsRecent, before.recent],
            [null, 'ORIGINAL', null, true, []],
        )
        before.language = 'ru'
        before.contentType = 'VIDEO_ONLY'
        before.key = 'secret'
        const after = shelfOf(place)
        assert.deepEqual([after.language, after.contentType, after.key], ['ru', 'VIDEO_ONLY', 'secret'])
        after.key = null
        assert.equal(before.key, null)
    })

    test('has the latest link first, each once, and not too many', () => {
        const shelf = shelfOf(storage())
        for (let number = 0; number < 12; ++number) shelf.remember({ link: `link ${number}`, title: '' })
        shelf.remember({ link: 'link 7', title: 'again' })
        assert.deepEqual(
            shelf.recent.map(({ link }) => Number(link.slice('link '.length))),
            [7, 11, 10, 9, 8, 6, 5, 4],
        )
        assert.equal(shelf.recent[0]?.title, 'again')
    })

    test('that is not to keep links forgets them', () => {
        const place = storage()
        const shelf = shelfOf(place)
        shelf.remember({ link: 'one', title: '' })
        shelf.keepsRecent = false
        assert.deepEqual([shelf.recent, place.getItem('ttsave.recent')], [[], null])
        shelf.remember({ link: 'two', title: '' })
        assert.deepEqual(shelf.recent, [])
        shelf.keepsRecent = true
        shelf.remember({ link: 'three', title: '' })
        assert.equal(shelf.recent.length, 1)
    })

    test('takes nonsense for nothing', () => {
        const place = storage()
        const shelf = shelfOf(place)
        for (const nonsense of ['{', '{}', 'null', '[1, null, {"link": 3}]']) {
            place.setItem('ttsave.recent', nonsense)
            assert.deepEqual(shelf.recent, [], nonsense)
        }
        place.setItem('ttsave.language', 'de')
        assert.equal(shelf.language, null)
    })

    test('does without where the browser keeps nothing', () => {
        const shelf = new Shelf(() => {
            throw new Error('SecurityError')
        })
        shelf.key = 'secret'
        shelf.remember({ link: 'one', title: '' })
        assert.deepEqual([shelf.key, shelf.recent, shelf.keepsRecent], [null, [], true])
    })
})
