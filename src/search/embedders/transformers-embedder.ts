import { createRequire } from 'node:module'
import { isAbsolute, join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { EmbedderError, type OutsideEmbedder } from './outside-embedder.ts'

/** What is used of `@huggingface/transformers`. */
type Extractor = (
  texts: string[],
  options: { pooling: 'mean'; normalize: boolean },
) => Promise<{ dims: number[]; data: Float32Array }>
type Transformers = {
  env: { allowRemoteModels: boolean }
  pipeline(task: 'feature-extraction', model: string): Promise<Extractor>
}

const PACKAGE = '@huggingface/transformers'
/** Few at once: the model may keep this thread from anything else meanwhile. */
const TEXTS_AT_ONCE = 4
/** Texts a call: what is embedded is kept after each. */
const BATCH = 16
/** More than any of these models reads. */
const MAX_CHARACTERS = 8_000

/**
 * A model that runs in this process by transformers.js: of the hub, or a folder. The package is looked for from `from` (a folder
 * with node_modules) when the first text comes, and is nothing the program needs otherwise. Throws `EmbedderError`.
 */
export function createTransformersEmbedder(model: string, from: string): OutsideEmbedder {
  let loading: Promise<Extractor> | undefined
  const load = async (): Promise<Extractor> => {
    const { env, pipeline } = await importTransformers(from)
    // A folder that lacks a file is told, in place of asking the hub for a name like it.
    if (isAbsolute(model)) env.allowRemoteModels = false
    return pipeline('feature-extraction', model)
  }
  return {
    id: `transformers:${model}`,
    batch: BATCH,
    longestText: MAX_CHARACTERS,
    async embed(texts, _use, signal) {
      loading ??= load()
      const extract = await loading.catch((cause: Error) => {
        loading = undefined // so that it is tried again once it is installed
        if (cause instanceof EmbedderError) throw cause
        throw new EmbedderError(`The model ${model} cannot be loaded: ${cause.message}`, { cause })
      })
      const vectors: Float32Array[] = []
      for (let start = 0; start < texts.length; start += TEXTS_AT_ONCE) {
        signal?.throwIfAborted()
        const some = texts.slice(start, start + TEXTS_AT_ONCE)
        const { dims, data } = await extract([...some], { pooling: 'mean', normalize: true })
        const width = dims.at(-1)!
        for (let n = 0; n < some.length; n++) vectors.push(data.slice(n * width, (n + 1) * width))
        await nextTurn()
      }
      return vectors
    },
  }
}

async function importTransformers(from: string): Promise<Transformers> {
  let file: string
  try {
    file = createRequire(pathToFileURL(join(from, 'package.json'))).resolve(PACKAGE)
  } catch (cause) {
    throw new EmbedderError(
      `${PACKAGE} is not installed. Run "npm install --no-save --ignore-scripts ${PACKAGE}@4.3.1" in ${from}.`,
      {
        cause,
      },
    )
  }
  return (await import(pathToFileURL(file).href)) as Transformers
}
