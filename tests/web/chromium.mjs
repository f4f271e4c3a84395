import { chromium } from 'playwright-core'

/** Debian's Chromium without a window, and without its own traffic. */
export function openBrowser() {
    return chromium.launch({
        executablePath: process.env.TTSAVE_CHROMIUM ?? '/usr/bin/chromium',
        args: [
            '--no-sandbox',
            '--disable-gpu',
            '--disable-quic',
            '--no-first-run',
            '--disable-background-networking',
            '--disable-component-update',
            '--disable-sync',
        ],
    })
}
