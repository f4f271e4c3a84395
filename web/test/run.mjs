// Bundles the tests as Vite bundles the page, and runs them with Node's own runner.
import { spawnSync } from 'node:child_process'
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const folder = fileURLToPath(new URL('.', import.meta.url))
const built = fileURLToPath(new URL('../build/test/', import.meta.url))
const tests = readdirSync(folder).filter((name) => name.endsWith('.test.ts'))
rmSync(built, { recursive: true, force: true })
await build({
    entryPoints: tests.map((name) => join(folder, name)),
    outdir: built,
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
const files = tests.map((name) => join(built, name.replace(/ts$/, 'mjs')))
const { status } = spawnSync(process.execPath, ['--enable-source-maps', '--test', ...files], { stdio: 'inherit' })
process.exit(status ?? 1)
