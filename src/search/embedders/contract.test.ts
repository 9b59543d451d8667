import { letters } from '../../../tests/letters.ts'
import { openEngineIndex } from '../adapters/engine-index.ts'
import { describeSearchIndex } from '../contract.ts'
import { embeddedIndex } from './embedded-index.ts'
import { handOver } from './succeeding-index.ts'

const vectorsOf = (texts: readonly string[]) => Promise.resolve(texts.map(letters.embed))

describeSearchIndex('the engine with a model outside', async () => {
  const { id, dims } = letters
  return embeddedIndex(await openEngineIndex({ embedder: { id, dims } }), {
    vectors: {
      id,
      dims: () => Promise.resolve(dims),
      documents: vectorsOf,
      query: async (text) => letters.embed(text),
      missing: (texts) => Promise.resolve([...texts]),
    },
    sentences: letters,
    onProblem: (message) => {
      throw new Error(message)
    },
    stopping: new AbortController(),
  })
})

describeSearchIndex('the engine while another model makes its index', async () => {
  const stopping = new AbortController()
  return handOver(
    await openEngineIndex({ embedder: letters }),
    stopping,
    () => new Promise((_, reject) => stopping.signal.addEventListener('abort', () => reject(stopping.signal.reason))),
  )
})
