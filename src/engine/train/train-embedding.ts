import { Worker } from 'node:worker_threads'
import { batchLoss, type StepOrder } from './batch-step.ts'
import type { EncodedCorpus } from './corpus.ts'
import { type BatchLists, type Layout, layoutOf, type Shape, UNIT } from './layout.ts'
import { DOCUMENT_ITEMS, drawPair, QUERY_ITEMS } from './pairs.ts'
import { createRandom, type Random, shuffle } from './random.ts'
import { TEAM_COUNTERS } from './team.ts'
import type { TrainWorkerData } from './train-worker.ts'

export type TrainingOptions = {
  dims: number
  /** Pairs a step; each is compared with all others of its batch. A multiple of 64. */
  batch: number
  /** Times each text is seen. */
  passes: number
  /** Highest step width. */
  rate: number
  seed: number
  threads: number
  onStep?: (done: { step: number; steps: number; pairs: number; loss: number }) => void
  /** Where the thread's code is; a bundle has it elsewhere. */
  workerUrl?: URL
}

/** Similarities are multiplied by this before the softmax; its inverse is the temperature. */
export const SIMILARITY_SCALE = 20
const WARM_UP_STEPS = 100
/** Root mean square of the numbers a row starts with, before anything is learnt. */
const START_WIDTH = 0.05

/**
 * Trains one row per item so that the sum of a query's rows points where the sum of its paper's rows does (symmetric
 * InfoNCE: every other paper of the batch is a wrong answer). Returns the rows, items x dims. The same corpus, options and
 * seed give the same bytes, with any number of threads.
 */
export async function trainRows(corpus: EncodedCorpus, items: number, options: TrainingOptions): Promise<Float32Array> {
  const batch = Math.min(options.batch, Math.floor(corpus.texts / UNIT) * UNIT)
  if (batch < UNIT) throw new RangeError(`training needs at least ${UNIT} papers, there are ${corpus.texts}`)
  const shape: Shape = { items, dims: options.dims, batch, threads: options.threads }
  const layout = layoutOf(shape)
  const memory = new WebAssembly.Memory({ initial: layout.pages, maximum: layout.pages, shared: true })
  const floats = new Float32Array(memory.buffer)
  const random = createRandom(options.seed)
  const width = START_WIDTH * Math.sqrt(12)
  for (let i = 0; i < items * options.dims; i++) floats[(layout.rows >> 2) + i] = (random.next() - 0.5) * width
  const steps = Math.max(1, Math.floor((corpus.texts * options.passes) / batch))
  const batches = createBatches(memory, layout, shape, corpus, random)
  await using team = startThreads(memory, layout, shape, options.workerUrl)
  let next = batches(0)
  for (let step = 0; step < steps; step++) {
    const order: StepOrder = { ...next, rate: rateAt(step, steps, options.rate), scale: SIMILARITY_SCALE }
    const running = team.run(order)
    if (step + 1 < steps) next = batches(((step + 1) % 2) as 0 | 1)
    await running
    options.onStep?.({ step: step + 1, steps, pairs: (step + 1) * batch, loss: batchLoss(memory, shape, layout) })
  }
  return floats.slice(layout.rows >> 2, (layout.rows >> 2) + items * options.dims)
}

/** Up to the full rate, then down to zero in a line. */
function rateAt(step: number, steps: number, rate: number): number {
  const warmUp = Math.min(WARM_UP_STEPS, steps / 4)
  return rate * Math.min((step + 1) / warmUp, (steps - step) / (steps - warmUp))
}

/** Draws batch after batch, all texts in a new order in each pass, into one of two lists so that drawing runs ahead. */
function createBatches(
  memory: WebAssembly.Memory,
  layout: Layout,
  shape: Shape,
  corpus: EncodedCorpus,
  random: Random,
) {
  const { batch, items } = shape
  const order = Uint32Array.from({ length: corpus.texts }, (_, text) => text)
  let taken = order.length
  const query = new Uint32Array(QUERY_ITEMS)
  const document = new Uint32Array(DOCUMENT_ITEMS)
  const numbers = new Uint32Array(memory.buffer)
  const perText = DOCUMENT_ITEMS + QUERY_ITEMS
  const documentRows = new Uint32Array(batch * perText)
  const documentStarts = new Uint32Array(batch + 1)
  const counts = new Uint32Array(items)

  return (list: 0 | 1): { list: 0 | 1; items: number } => {
    const lists = layout.lists[list]
    const textStarts = numbers.subarray(lists.textStarts >> 2, (lists.textStarts >> 2) + 2 * batch + 1)
    const textRows = numbers.subarray(lists.textRows >> 2, (lists.textRows >> 2) + batch * perText)
    if (taken + batch > order.length) {
      shuffle(order, random)
      taken = 0
    }
    let at = 0
    let documentAt = 0
    for (let pair = 0; pair < batch; pair++) {
      const [queryItems, documentItems] = drawPair(corpus, order[taken++]!, random, query, document)
      textStarts[pair] = at
      textRows.set(query.subarray(0, queryItems), at)
      at += queryItems
      documentStarts[pair] = documentAt
      documentRows.set(document.subarray(0, documentItems), documentAt)
      documentAt += documentItems
    }
    for (let pair = 0; pair < batch; pair++) textStarts[batch + pair] = at + documentStarts[pair]!
    textRows.set(documentRows.subarray(0, documentAt), at)
    textStarts[2 * batch] = at + documentAt
    return { list, items: invert(numbers, lists, textStarts, textRows, counts) }
  }
}

/** From "rows of each text" to "texts of each row", for the rows that occur. Returns how many do. */
function invert(
  numbers: Uint32Array,
  lists: BatchLists,
  textStarts: Uint32Array,
  textRows: Uint32Array,
  counts: Uint32Array,
): number {
  const total = textStarts.at(-1)!
  counts.fill(0)
  for (let i = 0; i < total; i++) counts[textRows[i]!]! += 1
  let occurring = 0
  let end = 0
  for (let item = 0; item < counts.length; item++) {
    const count = counts[item]!
    if (count === 0) continue
    numbers[(lists.items >> 2) + occurring] = item
    numbers[(lists.itemStarts >> 2) + occurring] = end
    counts[item] = end
    end += count
    occurring += 1
  }
  numbers[(lists.itemStarts >> 2) + occurring] = end
  const itemTexts = lists.itemTexts >> 2
  for (let text = 0; text < textStarts.length - 1; text++)
    for (let i = textStarts[text]!; i < textStarts[text + 1]!; i++) numbers[itemTexts + counts[textRows[i]!]!++] = text
  return occurring
}

function startThreads(memory: WebAssembly.Memory, layout: Layout, shape: Shape, workerUrl?: URL) {
  const counters = new Int32Array(new SharedArrayBuffer(TEAM_COUNTERS * 4))
  const url = workerUrl ?? new URL('./train-worker.ts', import.meta.url)
  const workers = Array.from({ length: shape.threads }, (_, thread) => {
    const data: TrainWorkerData = { memory, counters, shape, layout, thread }
    return new Worker(url, { workerData: data })
  })
  let failure: Error | undefined
  for (const worker of workers)
    worker.on('error', (error: Error) => {
      failure = error
    })
  return {
    run: (order: StepOrder): Promise<void> =>
      new Promise((resolve, reject) => {
        if (failure) return reject(failure)
        let waiting = workers.length
        for (const worker of workers) {
          worker.once('error', reject)
          worker.once('message', () => {
            worker.off('error', reject)
            waiting -= 1
            if (waiting === 0) resolve()
          })
          worker.postMessage(order)
        }
      }),
    [Symbol.asyncDispose]: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
}
