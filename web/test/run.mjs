// Bundles the tests as Vite bundles the page, and runs them with Node's own runner.
import { spawnSync } from 'node:child_process'
import { readdirSync, rmSync } from 'node:fs'
import { build } from 'esbuild'

const folder = new URL('.', import.meta.url)
const built = new URL('../build/test/', import.meta.url)
const tests = readdirSync(folder).filter((name) => name.endsWith('.test.ts'))
rmSync(built, { recursive: true, force: true })
await build({
    entryPoints: tests.map((name) => new URL(name, folder).pathname),
    outdir: built.pathname,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node18',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    sourcemap: 'inline',
    logLevel: 'warning',
})
const files = tests.map((name) => new URL(name.replace(/ts$/, 'mjs'), built).pathname)
const { status } = spawnSync(process.execPath, ['--enable-source-maps', '--test', ...files], { stdio: 'inherit' })
process.exit(status ?? 1)
