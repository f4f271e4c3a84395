/** One value, and whoever wants to know of the next one. */
export class Store<T> {
    readonly #listeners: ((value: T) => void)[] = []

    constructor(private value: T) {}

    get(): T {
        return this.value
    }

    /** Changes some fields. */
    set(changes: Partial<T>): void {
        this.value = { ...this.value, ...changes }
        for (const listener of this.#listeners) listener(this.value)
    }

    onChange(listener: (value: T) => void): void {
        this.#listeners.push(listener)
    }
}
