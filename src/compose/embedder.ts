// What the doctor is told of a model outside.
import type { Config } from '../config.ts'
import { costInWords, createEmbedder, embeddingCost, keepVectors } from '../search/index.ts'
import { openDatabase } from './context.ts'

/** A question of the doctor must not keep anybody waiting for a server that hangs. */
const DOCTOR_TIMEOUT_MS = 20_000

/** Whether the chosen model outside answers, and what embedding the papers by it will take, before anything is embedded. */
export async function embedderReport(config: Config, hasDatabase: boolean): Promise<{ ok: boolean; detail: string }> {
  if (!config.embedder) throw new Error('no embedder is set')
  const embedder = createEmbedder(config.embedder, config.dataFolder, config.embedderKey)
  let answers: string
  try {
    const [vector] = await embedder.embed(['length'], 'query', AbortSignal.timeout(DOCTOR_TIMEOUT_MS))
    answers = `${embedder.id} answers with ${vector?.length.toLocaleString('en')} numbers a text`
  } catch (error) {
    return { ok: false, detail: (error as Error).message }
  }
  const later = { ok: true, detail: `${answers}; what there is to embed is told when the program has started once` }
  if (!hasDatabase) return later
  const db = openDatabase(config)
  await using _closed = { [Symbol.asyncDispose]: () => db.destroy() }
  const kept = keepVectors(db, embedder, () => {})
  const cost = await embeddingCost(db, kept, embedder).catch(() => undefined) // of a database of an older program
  return cost ? { ok: true, detail: `${answers}. ${costInWords(cost, config.embedder.kind === 'openai')}` } : later
}
