// Whether /openapi.json is OpenAPI 3.1, and whether what it shows, and what the server answers, is as it says.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Validator } from '@seriousme/openapi-schema-validator'
import Ajv2020 from 'ajv/dist/2020.js'
import { world } from './world.mjs'

async function json(address) {
    return (await fetch(address)).json()
}

/** Every object in `value`, with where it is: a JSON pointer (RFC 6901). */
function* objectsIn(value, pointer = '') {
    if (typeof value !== 'object' || value === null) return
    yield [pointer, value]
    for (const [key, inner] of Object.entries(value)) {
        yield* objectsIn(inner, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`)
    }
}

/** A function that asserts that a value is as the schema at a place in the document says. */
function judgeOf(document) {
    const ajv = new Ajv2020({ strict: false, validateSchema: false, allErrors: true })
    ajv.addSchema(document, 'openapi.json')
    return (pointer, value, what) => {
        // A fragment is percent-encoded (RFC 6901 section 6).
        const isValid = ajv.compile({ $ref: `openapi.json#${encodeURI(pointer)}` })
        assert.ok(isValid(value), `${what} is not as ${pointer} says: ${ajv.errorsText(isValid.errors)}`)
    }
}

for (const server of ['open', 'keyed']) {
    const document = await json(`${world[server]}openapi.json`)
    const judge = judgeOf(document)

    test(`${server}: the document is OpenAPI 3.1`, async () => {
        const validator = new Validator()
        const { valid, errors } = await validator.validate(document)
        assert.ok(valid, JSON.stringify(errors, null, 1))
        assert.equal(validator.version, '3.1')
    })

    test(`${server}: every example is as its schema says, and every error has one`, () => {
        const shared = document.components.examples
        const shown = new Set()
        for (const [pointer, { schema, examples }] of objectsIn(document)) {
            if (!schema || !examples || !pointer.endsWith('/application~1json')) continue
            for (const [name, example] of Object.entries(examples)) {
                judge(`${pointer}/schema`, example.$ref ? shared[name].value : example.value, `the example ${name}`)
                shown.add(name)
            }
        }
        const missing = Object.keys(shared).filter((name) => !shown.has(name))
        assert.deepEqual(missing, server === 'keyed' ? [] : ['http-401'])
    })

    test(`${server}: answers are as their schemas say`, async () => {
        judge('/components/schemas/About', await json(`${world[server]}about.json`), '/about.json')
        judge('/components/schemas/Readiness', await json(`${world[server]}readyz`), '/readyz')
    })

    test(`${server}: the example of Content-Meta is Base64 of what it describes`, () => {
        const { example, schema } = document.paths['/api/v3/download'].post.responses['200'].headers['Content-Meta']
        const text = Buffer.from(example, schema.contentEncoding).toString()
        judge('/components/schemas/PostMeta', JSON.parse(text), 'Content-Meta')
    })
}
