import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EngineDocument } from '../document.ts'
import { LiveIndex } from '../live-index.ts'
import { termsOf } from '../text/terms-of.ts'
import { createRandom } from '../train/random.ts'
import { adaptVectors, fitSnapshot } from '../vector/adapt-vectors.ts'
import { VectorPart } from '../vector/vector-part.ts'
import { adaptEmbedder } from './adapted-embedder.ts'
import { EmbeddingFileError } from './embedding-file.ts'
import { fitLocal, MIN_FITTED } from './fit-local.ts'
import { openLocalEmbedding } from './local-embedding.ts'
import { quantiseRows } from './quantise.ts'
import { createStaticEmbedder } from './static-embedder.ts'
import { hashWord } from './tokens.ts'

const subjects = 'enzyme galaxy theorem turbine compiler market glacier neuron sonnet polymer'.split(' ')
const DIMS = 64

/** Documents of ten subjects, ten words for each; any two words of a subject rarely meet. */
function collection(count: number): EngineDocument[] {
  const random = createRandom(11)
  const text = (subject: string, length: number) =>
    Array.from({ length }, () => `${subject}${'abcdefghij'[random.below(10)]}`).join(' ')
  return Array.from({ length: count }, (_, n) => ({
    ...{ id: n + 1, authors: [], categories: [], identifiers: [], day: 0, hasCode: false, isWithdrawn: false },
    title: text(subjects[n % 10]!, 2),
    abstract: `${text(subjects[n % 10]!, 3)}. Of all ${text(subjects[(n * 7) % 10]!, 1)}.`,
  }))
}

const termLists = (documents: readonly EngineDocument[]) =>
  documents.map(({ title, abstract }) =>
    Uint32Array.from(termsOf(`${title}. ${abstract}`), ({ term }) => hashWord(term)),
  )
const cosine = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, k) => sum + value * b[k]!, 0)

const documents = collection(400)
const local = fitLocal(termLists(documents), 32)!
const vectorOf = (text: string) => {
  const terms = Uint32Array.from(termsOf(text), ({ term }) => hashWord(term))
  const out = new Float32Array(local.dims)
  local.embedTerms(terms, terms.length, out, 0)
  return out
}

test('words that go together in the collection point the same way, although no dictionary knows them', () => {
  const near = cosine(vectorOf('galaxya galaxyb'), vectorOf('galaxyi galaxyj'))
  const far = cosine(vectorOf('galaxya galaxyb'), vectorOf('sonnetc sonnetd'))
  assert.ok(near > far + 0.3, `${near} within a subject, ${far} across`)
  assert.ok(vectorOf('nothing known here').every((value) => value === 0))
})

test('the same documents give the same rows, and a file brings them back', () => {
  const again = fitLocal(termLists(documents), 32)!
  assert.equal(again.id, local.id)
  assert.notEqual(fitLocal(termLists(documents.slice(1)), 32)!.id, local.id)
  const opened = openLocalEmbedding(local.toBytes())
  assert.equal(opened.id, local.id)
  assert.equal(opened.documents, 400)
  const damaged = local.toBytes()
  damaged[damaged.length - 3]! ^= 4
  assert.throws(() => openLocalEmbedding(damaged, 'local.bin'), EmbeddingFileError)
})

test('a collection of one document, or of seventy-five, is left alone', () => {
  for (const count of [0, 1, 75, MIN_FITTED - 1]) assert.equal(fitLocal(termLists(collection(count))), undefined)
  const same = Array.from({ length: 300 }, () => Uint32Array.of(1, 2, 3))
  assert.equal(fitLocal(same), undefined, 'too few different terms')
  const empty = fitLocal([...termLists(documents), ...Array.from({ length: 50 }, () => new Uint32Array())], 32)
  assert.ok(empty, 'documents without a term do no harm')
})

test('vectors of a segment made anew from its terms are those of the texts', () => {
  const hashes = Uint32Array.from([...'abcdefghij'].flatMap((letter) => subjects.map((one) => hashWord(one + letter))))
  const rows = Float32Array.from({ length: hashes.length * DIMS }, (_, i) => Math.sin(i * 1.7))
  const base = createStaticEmbedder({ dims: DIMS, hashes, ...quantiseRows(rows, DIMS) }, 'base')
  const index = new LiveIndex(base)
  index.put(documents)
  index.remove([3])
  const fitted = fitSnapshot(index.snapshot)
  assert.equal(fitted, undefined, 'a hundred terms are too few for 128 dimensions')
  const adapted = adaptEmbedder(base, local)
  assert.equal(adapted.dims, DIMS + 32)
  for (const segment of index.snapshot.segments) {
    const once = new VectorPart(adaptVectors(segment, adapted)!)
    const twice = new VectorPart(adaptVectors({ ...segment, vectors: once }, adapted)!)
    for (let n = 0; n < segment.text.count; n += 37) {
      const { title, abstract } = documents[segment.text.ids[n]! - 1]!
      const expected = adapted.embed(`${title}. ${abstract}`)
      for (const part of [once, twice]) {
        const found = new Float32Array(adapted.dims)
        part.addTo(found, n, 1)
        assert.ok(cosine(found, expected) > 0.995, `document ${n}: ${cosine(found, expected)}`)
      }
    }
    const foreign = adaptEmbedder(createStaticEmbedder({ dims: DIMS, hashes, ...quantiseRows(rows, DIMS) }, 'x'), local)
    assert.equal(adaptVectors(segment, foreign), undefined, 'vectors of another model are not touched')
  }
})
