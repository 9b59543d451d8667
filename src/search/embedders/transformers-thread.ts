// The entry of the thread in which transformers.js runs: a program of its own, which the build puts beside the main one. It
// answers one message with one message.
import { createRequire } from 'node:module'
import { isAbsolute, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parentPort, workerData } from 'node:worker_threads'

/** `from`: a folder with `node_modules` in which the package may be. */
export type ModelPlace = { model: string; from: string }
/** The answer to some texts. `loading`: there is no model; otherwise these very texts failed. */
export type ModelAnswer = { vectors: Float32Array[] } | { problem: string; at: 'loading' | 'texts' }

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

if (!parentPort) throw new Error('expected to be started as a thread by the site; this file is no command')
const port = parentPort
const { model, from } = workerData as ModelPlace
const loading = load()
loading.catch(() => {}) // told to whoever asks

port.on('message', async (texts: string[]) => port.postMessage(await answer(texts)))

async function answer(texts: string[]): Promise<ModelAnswer> {
  let extract: Extractor
  try {
    extract = await loading
  } catch (error) {
    return { problem: (error as Error).message, at: 'loading' }
  }
  try {
    const { dims, data } = await extract(texts, { pooling: 'mean', normalize: true })
    const width = dims.at(-1)!
    return { vectors: texts.map((_, n) => data.slice(n * width, (n + 1) * width)) }
  } catch (error) {
    return { problem: `The model ${model} made no vectors: ${(error as Error).message}`, at: 'texts' }
  }
}

async function load(): Promise<Extractor> {
  const file = whereInstalled()
  try {
    const { env, pipeline } = (await import(pathToFileURL(file).href)) as Transformers
    // A folder that lacks a file is told, in place of asking the hub for a name like it.
    if (isAbsolute(model)) env.allowRemoteModels = false
    return await pipeline('feature-extraction', model)
  } catch (cause) {
    throw new Error(`The model ${model} cannot be loaded: ${(cause as Error).message}`, { cause })
  }
}

function whereInstalled(): string {
  try {
    return createRequire(pathToFileURL(join(from, 'package.json'))).resolve(PACKAGE)
  } catch (cause) {
    const command = `npm install --no-save --ignore-scripts ${PACKAGE}@4.3.1`
    throw new Error(`${PACKAGE} is not installed. Run "${command}" in ${from}.`, { cause })
  }
}
