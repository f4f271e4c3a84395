// What the tests share that is no page.

/** What test_browser.py has started: the addresses of its servers, and the stand-in's control interface. */
export const world = JSON.parse(process.env.TTSAVE_WORLD ?? '{}')

const slowness = Number(process.env.TTSAVE_SLOWNESS ?? 1)
/** A download, or a failure that the server has to time out on. */
export const patientMs = 30_000 * slowness
