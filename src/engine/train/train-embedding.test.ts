import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quantiseRows } from '../embed/quantise.ts'
import { createStaticEmbedder } from '../embed/static-embedder.ts'
import { createKernels } from '../wasm/float-kernels.ts'
import { encodeCorpus, type TrainingText } from './corpus.ts'
import { createRandom } from './random.ts'
import { trainRows } from './train-embedding.ts'
import { buildVocabulary } from './vocabulary.ts'

const subjects = ['star', 'cell', 'graph', 'market', 'proof', 'robot', 'fluid', 'crystal']
const DIMS = 64

/** Papers of eight subjects; each subject has words of its own, and each title other words than its abstract. */
function madeUpPapers(count: number): TrainingText[] {
  const random = createRandom(7)
  const word = (subject: string, from: number, to: number) => `${subject}${from + random.below(to - from)}`
  return Array.from({ length: count }, (_, number) => {
    const subject = subjects[number % subjects.length]!
    const words = (length: number, from: number, to: number) =>
      Array.from({ length }, () => (random.next() < 0.3 ? `common${random.below(20)}` : word(subject, from, to))).join(
        ' ',
      )
    return {
      id: String(number),
      title: words(6, 0, 20),
      abstract: Array.from({ length: 4 }, () => `${words(12, 10, 40)}.`).join(' '),
    }
  })
}

const papers = madeUpPapers(1600)
const vocabulary = buildVocabulary(papers, { words: 500, pairs: 100, beginnings: 10, minDocuments: 2 })
const corpus = encodeCorpus(papers, vocabulary)
const train = (seed: number, threads: number, losses: number[] = []) =>
  trainRows(corpus, vocabulary.hashes.length, {
    ...{ dims: DIMS, batch: 64, passes: 4, rate: 0.02, seed, threads },
    onStep: ({ loss }) => losses.push(loss),
  })

test('training brings titles near their papers: words that never met in a title find their subject', async () => {
  const losses: number[] = []
  const rows = await train(1, 1, losses)
  assert.ok(losses.at(-1)! < losses[0]! * 0.75, `loss went from ${losses[0]} to ${losses.at(-1)}`)
  const embedder = createStaticEmbedder({ dims: DIMS, ...vocabulary, ...quantiseRows(rows, DIMS) }, 'test')
  // Words 0 to 9 stand only in titles, 20 to 39 only in abstracts.
  const abstracts = subjects.map((subject) => embedder.embed(`${subject}25 ${subject}30 ${subject}35`))
  const right = subjects.filter((subject, index) => {
    const query = embedder.embed(`${subject}3 ${subject}5`)
    const scores = abstracts.map((vector) => vector.reduce((sum, value, k) => sum + value * query[k]!, 0))
    return scores.indexOf(Math.max(...scores)) === index
  })
  assert.deepEqual(right, subjects)
})

test('the same seed gives the same bytes with one thread and with three, another seed others', async () => {
  const [alone, together, other] = [await train(5, 1), await train(5, 3), await train(6, 1)]
  assert.deepEqual(Buffer.from(alone.buffer), Buffer.from(together.buffer))
  assert.notDeepEqual(Buffer.from(alone.buffer), Buffer.from(other.buffer))
})

test('too few papers are refused in words', async () => {
  const few = encodeCorpus(papers.slice(0, 20), vocabulary)
  await assert.rejects(
    trainRows(few, vocabulary.hashes.length, { dims: DIMS, batch: 64, passes: 1, rate: 0.01, seed: 1, threads: 1 }),
    /at least 64 papers, there are 20/,
  )
})

test('kernels agree with the plain formulas', () => {
  const memory = new WebAssembly.Memory({ initial: 4, maximum: 4, shared: true })
  const kernels = createKernels(memory, 4)
  const floats = new Float32Array(memory.buffer)
  const random = createRandom(3)
  const [m, k] = [8, 24]
  for (let i = 0; i < 4096; i++) floats[i] = random.next() - 0.5
  const [a, b, c] = [0, 1024, 2048]
  kernels.product(a * 4, k * 4, 4, b * 4, c * 4, 32, m, k, 0)
  kernels.product(a * 4, k * 4, 4, b * 4, c * 4, 32, m, k, 1)
  for (let i = 0; i < m; i++)
    for (let j = 0; j < 8; j++) {
      let expected = 0
      for (let l = 0; l < k; l++) expected += 2 * floats[a + i * k + l]! * floats[b + l * 8 + j]!
      assert.ok(Math.abs(floats[c + i * 8 + j]! - expected) < 1e-5)
    }
  const before = floats.slice(3000, 3064)
  const sum = kernels.exponentials(3000 * 4, 64, 40)
  const expected = before.map((value) => Math.exp(40 * value))
  for (const [i, value] of expected.entries()) assert.ok(Math.abs(floats[3000 + i]! / value - 1) < 1e-5)
  assert.ok(Math.abs(sum / expected.reduce((total, value) => total + value, 0) - 1) < 1e-5)
})
