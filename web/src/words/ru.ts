import type { Words } from './words'

const plural = new Intl.PluralRules('ru')

/** `forms`: for 1, for 2 to 4, for the rest. */
function counted(count: number, forms: readonly [string, string, string]): string {
    const form = { one: 0, few: 1 }[plural.select(count) as string] ?? 2
    return `${count} ${forms[form]}`
}

export const ru: Words = {
    otherLanguage: { code: 'en', name: 'English' },

    tagline: 'Видео, фото и звук из TikTok',
    linkLabel: 'Ссылка на пост',
    linkPlaceholder: 'vm.tiktok.com/…',
    linkHint: 'Подойдёт и скопированный текст, в котором есть ссылка.',
    paste: 'Вставить',
    clear: 'Очистить',
    contentTypes: 'Что сохранить',
    original: 'Оригинал',
    originalHint: 'Видео или фото со звуком',
    videoOnly: 'Одно видео',
    videoOnlyHint: 'И из фото, со звуком',
    start: 'Скачать',

    keyLabel: 'Ключ',
    keyHint: 'Это закрытый сервер. Ключ даёт его владелец.',
    keyRemember: 'Запомнить в этом браузере',
    keyKept: 'Ваш ключ запомнен в этом браузере.',
    keyForget: 'Забыть',

    complaints: {
        no_text: 'Сначала вставьте ссылку.',
        no_link: 'Здесь нет ссылки. В TikTok нажмите «Поделиться», затем «Скопировать ссылку».',
        no_key: 'Серверу нужен ключ.',
        wrong_key: 'Сервер не знает такого ключа. Он введён целиком?',
    },

    asking: 'Спрашиваем TikTok…',
    receiving: 'Загружается…',
    done: (count, size) => `Готово: ${counted(count, ['файл', 'файла', 'файлов'])}, ${size}`,
    cancelled: 'Отменено.',
    cancel: 'Отменить',
    retry: 'Попробовать ещё раз',
    untitled: 'Пост без названия',

    video: 'Видео',
    photos: (count) => counted(count, ['фотография', 'фотографии', 'фотографий']),
    photo: (number) => `Фото ${number}`,
    sound: 'Звук',
    file: 'Файл',
    progress: (received, size) => (size === null ? `получено ${received}` : `${received} из ${size}`),
    broken: 'Пришло не целиком.',
    save: 'Сохранить',
    saveNamed: (what) => `Сохранить: ${what}`,
    saveAll: 'Сохранить всё (zip)',
    zipping: 'Упаковываем…',
    share: 'Поделиться',
    openPhoto: (number) => `Показать крупно фото ${number}`,
    close: 'Закрыть',
    previous: 'Предыдущее фото',
    next: 'Следующее фото',

    failures: {
        unreachable: {
            meaning: 'Сервер не отвечает.',
            advice: 'Возможно, он перезапускается или путь к нему закрыт. Попробуйте чуть позже.',
        },
        offline: {
            meaning: 'Устройство не в сети.',
            advice: 'Подключитесь к сети и попробуйте ещё раз.',
        },
        connection_lost: {
            meaning: 'Связь с сервером прервалась.',
            advice: 'Проверьте свою сеть и попробуйте ещё раз.',
        },
        cut_off: {
            meaning: 'Серверу пришлось остановиться на середине.',
            advice: 'Чаще всего это TikTok перестал отдавать файл. Попробуйте ещё раз: обычно со второго раза получается.',
        },
        not_understood: {
            meaning: 'Ответ непонятен.',
            advice: 'Возможно, его изменило что-то между страницей и сервером: прокси или расширение браузера.',
        },
    },
    unknownRefusal: (status) => ({
        meaning: `Сервер отказал (код ${status}).`,
        advice: 'Попробуйте позже. Если не поможет, сообщите владельцу сервера.',
    }),
    waitAdvice: (seconds) => `Сервер просит подождать ${seconds} с.`,
    failed: 'Не получилось.',
    whatCameStays: 'То, что пришло целиком, можно сохранить.',

    recent: 'Недавние',
    recentHint: 'Хранятся только в этом браузере.',
    keepRecent: 'Запоминать ссылки',
    forgetRecent: 'Забыть все',

    documentation: 'Документация API',
    privacy: 'Без слежки и регистрации. Файлы идут с этого сервера прямо к вам.',
}
