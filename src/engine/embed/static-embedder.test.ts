import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fc } from '../../../tests/property.ts'
import { createPlainAddRows } from './add-rows.ts'
import { type Embedding, readEmbedding, writeEmbedding } from './embedding-file.ts'
import { EmbeddingFileError, loadEmbedder, loadShared, openEmbedder, openShared } from './index.ts'
import { quantiseRows } from './quantise.ts'
import { createStaticEmbedder } from './static-embedder.ts'
import { hashPair, hashWord } from './tokens.ts'

const DIMS = 64
const words = ['graph', 'neural', 'networks', 'protein', 'folding', 'the']

function smallEmbedding(): Embedding {
  const hashes = [...words.map(hashWord), hashPair(hashWord('neural'), hashWord('networks'))]
  const rows = Float32Array.from({ length: hashes.length * DIMS }, (_, i) => Math.sin(i * i + 1) / (1 + (i % 7)))
  return {
    dims: DIMS,
    hashes: Uint32Array.from(hashes),
    counts: new Uint32Array(hashes.length).fill(3),
    ...quantiseRows(rows, DIMS),
    about: { trained: 'by this test' },
  }
}

const cosine = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, k) => sum + value * b[k]!, 0)
const length = (a: Float32Array) => Math.sqrt(cosine(a, a))

test('a vector has unit length, and is all zero when nothing is known', () => {
  const embedder = openEmbedder(writeEmbedding(smallEmbedding()))
  assert.ok(Math.abs(length(embedder.embed('Graph Neural Networks')) - 1) < 1e-6)
  for (const nothing of ['', '   ', '????', '\u0000\u0007', 'zzzz qqqq', '\ud800'])
    assert.equal(length(embedder.embed(nothing)), 0, JSON.stringify(nothing))
})

test('case, accents, hyphens and TeX markup do not change the vector', () => {
  const embedder = openEmbedder(writeEmbedding(smallEmbedding()))
  const expected = embedder.embed('neural networks')
  for (const text of ['NEURAL-Networks', 'Néural networks', '\\emph{neural} networks', '$\\mathrm{neural}$ networks'])
    assert.deepEqual(embedder.embed(text), expected, text)
  assert.notDeepEqual(embedder.embed('neural, networks'), expected, 'a comma parts the pair')
})

test('with SIMD and without, every text has the same vector to the last bit', () => {
  const embedding = smallEmbedding()
  const simd = createStaticEmbedder(embedding, 'simd')
  const plain = createStaticEmbedder(embedding, 'plain', createPlainAddRows)
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...words, 'unknown', ',', '.'), { maxLength: 60 }), (drawn) => {
      assert.deepEqual(simd.embed(drawn.join(' ')), plain.embed(drawn.join(' ')))
    }),
    { numRuns: 200 },
  )
  const long = 'graph neural networks fold the protein. '.repeat(3000)
  assert.deepEqual(simd.embed(long), plain.embed(long), 'longer than one turn takes')
})

test('what is written is read back, under an id that follows the content', () => {
  const embedding = smallEmbedding()
  const bytes = writeEmbedding(embedding)
  const { checksum, ...read } = readEmbedding(bytes)
  assert.deepEqual(read, embedding)
  const other = { ...embedding, scales: embedding.scales.map((scale) => scale * 2) }
  assert.notEqual(openEmbedder(writeEmbedding(other)).id, openEmbedder(bytes).id)
  assert.equal(openEmbedder(bytes).id, `static-${checksum.slice(0, 12)}`)
})

test('read to memory that threads share, an embedder is the same', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'embedding-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'embedding.bin'), writeEmbedding(smallEmbedding()))
  const embedding = loadShared(folder)
  const { table, scales, rows } = embedding
  for (const array of [table.keys, table.rows, scales, rows]) assert.ok(array.buffer instanceof SharedArrayBuffer)
  const [own, shared] = [loadEmbedder(folder), openShared(structuredClone(embedding))]
  assert.equal(shared.id, own.id)
  const text = 'Graph neural networks, protein folding'
  assert.deepEqual(shared.embed(text), own.embed(text))
})

test('a file that is damaged, cut short, foreign or of another version is refused with what to do', () => {
  const bytes = writeEmbedding(smallEmbedding())
  const folder = mkdtempSync(join(tmpdir(), 'embedding-'))
  const refusal = (content: Uint8Array): string => {
    writeFileSync(join(folder, 'embedding.bin'), content)
    try {
      loadEmbedder(folder)
    } catch (error) {
      assert.ok(error instanceof EmbeddingFileError)
      assert.throws(() => loadShared(folder), { message: error.message })
      return error.message
    }
    return 'read without complaint'
  }
  for (const at of [20, 45, bytes.length >> 1, bytes.length - 1]) {
    const damaged = bytes.slice()
    damaged[at]! ^= 1
    assert.match(refusal(damaged), /embedding\.bin is damaged.*Put the file/, `bit changed at ${at}`)
  }
  assert.match(refusal(bytes.subarray(0, bytes.length - 100)), /is damaged/)
  assert.match(refusal(Buffer.from('{"not":"an embedding"}')), /not an embedding of Paperround/)
  assert.match(refusal(new Uint8Array()), /not an embedding of Paperround/)
  rmSync(folder, { recursive: true })
})
