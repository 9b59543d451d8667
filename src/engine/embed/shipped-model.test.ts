import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { sharedFile, withoutShared } from '../../../tests/shared.ts'
import { loadEmbedder, paperText } from './index.ts'

const folder = join(import.meta.dirname, '../../../model')
const embedder = loadEmbedder(folder)
const closeness = (a: string, b: string) => {
  const [left, right] = [embedder.embed(a), embedder.embed(b)]
  return left.reduce((sum, value, k) => sum + value * right[k]!, 0)
}

test('the model card tells the size and checksum of the file beside it, which is at most 25 MB', () => {
  const bytes = readFileSync(join(folder, 'embedding.bin'))
  const card = readFileSync(join(folder, 'README.md'), 'utf8')
  assert.ok(card.includes(createHash('sha256').update(bytes).digest('hex')))
  assert.ok(card.includes(`${bytes.length.toLocaleString('en')} bytes`))
  assert.ok(bytes.length <= 25_000_000)
  assert.equal(embedder.dims, 256)
})

test('what means the same is closer than what shares a word or nothing', () => {
  const pairs: [query: string, near: string, far: string][] = [
    ['making models forget private data', 'machine unlearning', 'large data centers'],
    ['blow-up of solutions', 'finite time singularity of Navier-Stokes', 'image upscaling'],
    ['drug discovery', 'molecule generation with graph networks', 'traffic prediction'],
  ]
  for (const [query, near, far] of pairs)
    assert.ok(
      closeness(query, near) > closeness(query, far),
      `"${query}": ${closeness(query, near)} ${closeness(query, far)}`,
    )
})

test('every seed title finds its own paper by meaning alone', { skip: withoutShared('data/seed-papers.jsonl') }, () => {
  const papers = readFileSync(sharedFile('data/seed-papers.jsonl'), 'utf8').trim().split('\n')
  const seeds = papers.map((line) => JSON.parse(line) as { title: string; abstract: string })
  const vectors = seeds.map(({ title, abstract }) => embedder.embed(paperText(title, abstract)))
  const found = seeds.filter(({ title }, n) => {
    const query = embedder.embed(title)
    const scores = vectors.map((vector) => vector.reduce((sum, value, k) => sum + value * query[k]!, 0))
    return scores.indexOf(Math.max(...scores)) === n
  })
  assert.ok(found.length >= 73, `${found.length} of ${seeds.length}`)
})

test('questions of CACM find relevant papers by meaning alone', { skip: withoutShared('data/cacm') }, () => {
  const lines = (name: string) => {
    const bytes = readFileSync(sharedFile(`data/cacm/${name}`))
    return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString().trim().split('\n')
  }
  const documents = lines('corpus.jsonl.gz').map((line) => JSON.parse(line))
  const relevant = Map.groupBy(
    lines('qrels.tsv')
      .slice(1)
      .map((line) => line.split('\t')),
    ([query]) => query,
  )
  const vectors = documents.map(({ title, text }) => embedder.embed(paperText(title, text)))
  const reciprocal = lines('queries.jsonl').map((line) => {
    const { _id, text } = JSON.parse(line)
    const right = new Set(relevant.get(_id)?.map(([, document]) => document))
    if (right.size === 0) return undefined
    const query = embedder.embed(text)
    const ranked = vectors
      .map((vector, n) => ({
        id: documents[n]._id,
        score: vector.reduce((sum, value, k) => sum + value * query[k]!, 0),
      }))
      .sort((a, b) => b.score - a.score)
    return 1 / (1 + ranked.findIndex(({ id }) => right.has(id)))
  })
  const known = reciprocal.filter((value) => value !== undefined)
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length
  assert.ok(mean >= 0.5, `mean reciprocal rank ${mean}`)
})
