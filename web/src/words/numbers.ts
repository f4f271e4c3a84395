import type { Language } from '../wire/about'

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte']

/** `4.9 MB`, `4,9 МБ`. */
export function sizeText(bytes: number, language: Language): string {
    const step = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
    const format = new Intl.NumberFormat(language, {
        style: 'unit',
        unit: units[step] ?? 'byte',
        maximumFractionDigits: step < 2 ? 0 : 1,
        unitDisplay: step === 0 ? 'long' : 'short',
    })
    return format.format(bytes / 1000 ** step)
}

/** `0:07`, `12:05`. */
export function durationText(seconds: number): string {
    const whole = Math.round(seconds)
    return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
}
