// What is in a zip, as a program understands it that has nothing to do with the page: Python's.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const program = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    assert archive.testzip() is None
    for name in archive.namelist():
        data = archive.read(name)
        sys.stdout.buffer.write(f'{name} {len(data)}\\n'.encode() + data)
`

/** Names and bytes in the archive's order; checksums are checked. */
export function readZip(bytes) {
    const folder = mkdtempSync(join(tmpdir(), 'ttsave-zip-'))
    try {
        const path = join(folder, 'archive.zip')
        writeFileSync(path, bytes)
        return split(execFileSync('/usr/bin/python3', ['-c', program, path], { maxBuffer: 2 ** 28 }))
    } finally {
        rmSync(folder, { recursive: true })
    }
}

function split(listing) {
    const files = new Map()
    for (let at = 0; at < listing.length;) {
        const lineEnd = listing.indexOf('\n', at)
        const [name, length] = listing.subarray(at, lineEnd).toString().split(' ')
        assert.ok(!files.has(name), name)
        at = lineEnd + 1 + Number(length)
        files.set(name, listing.subarray(lineEnd + 1, at))
    }
    return files
}
