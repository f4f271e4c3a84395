/**
 * Makes a Blob of pieces, one file after another. What has come is handed to the browser every few megabytes, which may
 * keep it on disk: a large file does not fill the page's memory.
 */
export class FileCollector {
    static readonly #foldAtBytes = 8 * 1024 * 1024

    #type = ''
    #parts: BlobPart[] = []
    #loose = 0

    begin(type: string): void {
        this.#type = type
        this.#parts = []
        this.#loose = 0
    }

    add(bytes: Uint8Array<ArrayBuffer>): void {
        this.#parts.push(bytes)
        this.#loose += bytes.length
        if (this.#loose < FileCollector.#foldAtBytes) return
        this.#parts = [new Blob(this.#parts)]
        this.#loose = 0
    }

    end(): Blob {
        const whole = new Blob(this.#parts, { type: this.#type })
        this.begin('')
        return whole
    }
}
