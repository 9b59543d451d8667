import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EngineDocument } from '../document.ts'
import { adaptEmbedder } from '../embed/adapted-embedder.ts'
import type { Embedder } from '../embed/embedder.ts'
import { writeEmbedding } from '../embed/embedding-file.ts'
import { openLocalEmbedding } from '../embed/local-embedding.ts'
import { quantiseRows } from '../embed/quantise.ts'
import { hashWord } from '../embed/tokens.ts'
import { Searcher } from '../query/search-snapshot.ts'
import { buildSegment, openSegment } from '../segments/build-segment.ts'
import { Snapshot } from '../segments/snapshot.ts'
import { stem } from '../text/stem.ts'
import { createRandom } from '../train/random.ts'
import { adaptVectors } from '../vector/adapt-vectors.ts'
import { Kernel } from '../vector/kernel.ts'
import { VectorPart } from '../vector/vector-part.ts'
import { Neighbours } from './neighbours.ts'

const DIMS = 128
/** Knows nothing, so that only the fitted part speaks. */
const base: Embedder = { id: 'none', dims: 64, embed: () => new Float32Array(64) }
const vocabulary = ['tumour', 'carcinoma', 'neoplasm', ...Array.from({ length: 3_000 }, (_, n) => `word${n}x`)]

/** Every word points somewhere else, but carcinoma and neoplasm point where tumour does, the one more exactly. */
function localEmbedding() {
  const random = createRandom(3)
  const rows = Float32Array.from({ length: vocabulary.length * DIMS }, () => random.next() - 0.5)
  for (const [word, noise] of [
    [1, 0.2],
    [2, 0.8],
  ] as const)
    for (let k = 0; k < DIMS; k++) rows[word * DIMS + k] = rows[k]! + noise * rows[word * DIMS + k]!
  const hashes = Uint32Array.from(vocabulary, (word) => hashWord(stem(word)))
  const counts = new Uint32Array(vocabulary.length).fill(2)
  return openLocalEmbedding(
    writeEmbedding({ dims: DIMS, hashes, counts, ...quantiseRows(rows, DIMS), about: { documents: 800 } }),
  )
}

/** Paper 1 says tumour, paper 2 carcinoma, the others only common words; all are of one length. */
function papers(): EngineDocument[] {
  return Array.from({ length: 300 }, (_, n) => {
    const words = Array.from({ length: 20 }, (_, k) => `word${(n * 7 + k * 13) % 3000}x`)
    const subject = n === 0 ? 'tumour' : n === 1 ? 'carcinoma' : `word${n}x`
    return {
      ...{ id: n + 1, title: subject, authors: [], abstract: `${words.join(' ')} common early diagnosis of patients` },
      ...{ categories: [], identifiers: [], day: 0, hasCode: false, isWithdrawn: false },
    }
  })
}

const segment = openSegment(buildSegment(papers(), { model: base, embedder: base }))
const local = localEmbedding()
const embedder = adaptEmbedder(base, local)
const snapshot = new Snapshot([{ ...segment, vectors: new VectorPart(adaptVectors(segment, embedder)!) }])

test('words that are used alike are neighbours, the most alike first, with SIMD and without', () => {
  const neighbours = new Neighbours(local)
  const found = neighbours.of('tumour', segment.text)
  const stems = found.map(({ term }) => segment.text.dictionary.stemOf(term))
  assert.deepEqual(stems, [stem('carcinoma')], 'neoplasm is in no paper here, others are not alike')
  assert.ok(found[0]!.likeness > 0.9 && found[0]!.likeness < 1)
  assert.deepEqual(new Neighbours(local, new Kernel(false)).of('tumour', segment.text), found)
  assert.deepEqual(neighbours.of('unheard', segment.text), [])
})

test('in a query of several words a paper that says it otherwise comes next; in a short one words are meant as they stand', () => {
  const searcher = new Searcher(embedder)
  const placeOf = (text: string) => searcher.search(snapshot, { text, limit: 300 }).hits.findIndex(({ id }) => id === 2)
  assert.equal(searcher.search(snapshot, { text: 'tumour', limit: 1 }).hits[0]?.id, 1)
  assert.equal(placeOf('tumour early common diagnosis patients'), 1)
  // The same with an embedding that knows no neighbours.
  const without = new Searcher(adaptEmbedder(base, local))
  Object.defineProperty(without, 'local', { value: undefined })
  const lexical = (one: Searcher) =>
    one
      .search(snapshot, { text: 'tumour early common diagnosis patients', limit: 300, explain: true })
      .hits.find(({ id }) => id === 2)!.why!.lexical
  assert.ok(lexical(searcher) > lexical(without) + 0.05)
})
