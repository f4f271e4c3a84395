// What lies between a browser and a server: a way that breaks, and a reverse proxy with a prefix.
import { createServer as createHttpServer, request } from 'node:http'
import { connect, createServer } from 'node:net'
import { once } from 'node:events'

async function listening(server) {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return `http://127.0.0.1:${server.address().port}/`
}

/** Passes bytes on in both directions, until it is told to stop. */
export class Relay {
    #server
    #sockets = new Set()

    /** One that leads to the server at `origin`. */
    static async to(origin) {
        const relay = new Relay()
        const { hostname, port } = new URL(origin)
        relay.#server = createServer((near) => {
            const far = connect(Number(port), hostname)
            for (const [socket, other] of [
                [near, far],
                [far, near],
            ]) {
                relay.#sockets.add(socket)
                socket.on('error', () => undefined)
                socket.on('close', () => {
                    relay.#sockets.delete(socket)
                    other.destroy()
                })
            }
            near.pipe(far)
            far.pipe(near)
        })
        relay.origin = await listening(relay.#server)
        return relay
    }

    /** Breaks what is under way; new connections are still passed on. */
    cut() {
        for (const socket of this.#sockets) socket.destroy()
    }

    /** Breaks everything; nobody answers any more. */
    close() {
        this.#server.close()
        this.cut()
    }
}

/** A reverse proxy that shows the server at `origin` below `prefix`, as many private servers stand behind one. */
export async function prefixed(origin, prefix) {
    const server = createHttpServer((incoming, outgoing) => {
        if (!incoming.url.startsWith(prefix)) return outgoing.writeHead(404).end()
        const path = incoming.url.slice(prefix.length - 1)
        const onward = request(
            new URL(path, origin),
            { method: incoming.method, headers: incoming.headers },
            (answer) => {
                outgoing.writeHead(answer.statusCode, answer.headers)
                answer.pipe(outgoing)
            },
        )
        onward.on('error', () => outgoing.destroy())
        incoming.pipe(onward)
    })
    const proxy = await listening(server)
    return { origin: proxy + prefix.slice(1), close: () => server.close(() => undefined).closeAllConnections() }
}
