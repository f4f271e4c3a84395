import type { Words } from './words'

const files = (count: number): string => (count === 1 ? '1 file' : `${count} files`)

export const en: Words = {
    otherLanguage: { code: 'ru', name: 'Русский' },

    tagline: 'Videos, photos and sound from TikTok',
    linkLabel: 'Link to a post',
    linkPlaceholder: 'vm.tiktok.com/…',
    linkHint: 'Copied text with a link in it will do, too.',
    paste: 'Paste',
    clear: 'Clear',
    contentTypes: 'What to save',
    original: 'Original',
    originalHint: 'The video, or photos and sound',
    videoOnly: 'One video',
    videoOnlyHint: 'Photos become one, with their sound',
    start: 'Get it',

    keyLabel: 'Key',
    keyHint: 'This server is private. Whoever runs it has a key for you.',
    keyRemember: 'Remember it in this browser',
    keyKept: 'Your key is remembered in this browser.',
    keyForget: 'Forget it',

    complaints: {
        no_text: 'Paste a link first.',
        no_link: 'There is no link in this. In TikTok, choose Share, then Copy link.',
        no_key: 'This server wants a key.',
        wrong_key: 'The server does not know this key. Is it complete?',
    },

    asking: 'Asking TikTok…',
    receiving: 'Receiving…',
    done: (count, size) => `Here it is: ${files(count)}, ${size}`,
    cancelled: 'Cancelled.',
    cancel: 'Cancel',
    retry: 'Try again',
    untitled: 'A post without a title',

    video: 'Video',
    photos: (count) => (count === 1 ? '1 photo' : `${count} photos`),
    photo: (number) => `Photo ${number}`,
    sound: 'Sound',
    file: 'File',
    progress: (received, size) => (size === null ? `${received} so far` : `${received} of ${size}`),
    broken: 'It did not arrive whole.',
    save: 'Save',
    saveNamed: (what) => `Save: ${what}`,
    saveAll: 'Save all (zip)',
    zipping: 'Packing…',
    share: 'Share',
    openPhoto: (number) => `Show photo ${number} large`,
    close: 'Close',
    previous: 'Previous photo',
    next: 'Next photo',

    failures: {
        unreachable: {
            meaning: 'The server does not answer.',
            advice: 'Perhaps it is being restarted, or the way to it is blocked. Try again in a moment.',
        },
        offline: {
            meaning: 'This device is offline.',
            advice: 'Connect it to a network, then try again.',
        },
        connection_lost: {
            meaning: 'The connection to the server broke.',
            advice: 'Check your network, then try again.',
        },
        cut_off: {
            meaning: 'The server had to stop in the middle.',
            advice: 'Most often TikTok has stopped sending. Try again; it usually works the second time.',
        },
        not_understood: {
            meaning: 'The answer makes no sense.',
            advice: 'Something between this page and the server may have changed it: a proxy, or an extension of the browser.',
        },
    },
    unknownRefusal: (status) => ({
        meaning: `The server refused (status ${status}).`,
        advice: 'Try again later. If it stays so, tell whoever runs this server.',
    }),
    waitAdvice: (seconds) => `The server asks to wait ${seconds} s.`,
    failed: 'It did not work.',
    whatCameStays: 'What has arrived whole can be saved.',

    recent: 'Recent',
    recentHint: 'Kept in this browser only.',
    keepRecent: 'Keep recent links',
    forgetRecent: 'Forget all',

    documentation: 'API documentation',
    privacy: 'No trackers, no accounts. What you save goes from this server to you.',
}
