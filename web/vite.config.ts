import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'

/** Where `npm run dev` and `npm run preview` find a running server. */
const server = process.env['TTSAVE_SERVER'] ?? 'http://127.0.0.1:4347'
const proxy = Object.fromEntries(['/api', '/about.json', '/openapi.json', '/ping'].map((path) => [path, server]))

const page = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** The server serves docs/index.html at /docs, which has no slash at its end: `./` there is what `../` is in the file. */
const docsWithoutSlash: Plugin = {
    name: 'docs-without-slash',
    transformIndexHtml: {
        order: 'post',
        handler: (html, { path }) => (path === '/docs/index.html' ? html.replaceAll('"../', '"./') : html),
    },
}

export default defineConfig({
    // Relative references: the page works below any prefix that a reverse proxy gives it.
    base: './',
    plugins: [docsWithoutSlash],
    server: { proxy },
    preview: { proxy },
    build: {
        target: 'es2022',
        // The page's Content-Security-Policy knows no data: URLs, so that nothing may be inlined.
        assetsInlineLimit: 0,
        modulePreload: false,
        reportCompressedSize: false,
        // Swagger UI, which is loaded at /docs alone.
        chunkSizeWarningLimit: 1700,
        rollupOptions: {
            input: { page: page('index.html'), docs: page('docs/index.html') },
        },
    },
})
