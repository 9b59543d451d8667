import { setTimeout as pause } from 'node:timers/promises'
import { EmbedderError, embedderId, type OutsideEmbedder } from './outside-embedder.ts'

export type OpenAiOptions = {
  /** Such as `https://api.example.org/v1`; `/embeddings` is added. */
  baseUrl: string
  model: string
  key?: string
  /** Before the first retry; doubled for each one after. */
  firstPauseMs?: number
  timeoutMs?: number
}

/** Texts a request: enough that the round trip does not matter, few enough that one lost request costs little. */
const TEXTS_AT_ONCE = 64
/** For documents. A query is asked once: a reader waits, and words answer too. */
const MAX_TRIES = 5
const TIMEOUT_MS = 60_000
const FIRST_PAUSE_MS = 1_000
const MAX_PAUSE_MS = 60_000
/** A server that asks for more patience than this is asked again all the same: its clock may be wrong. */
const MAX_RETRY_AFTER_MS = 900_000
/** About 2,000 tokens: the smallest limit among the usual models leaves room for that, and abstracts are shorter. */
const MAX_CHARACTERS = 8_000
/** Answers that are about the texts: malformed or too long for the model, and for the server. */
const ABOUT_TEXTS = [400, 413, 422]

/** Any server that answers `POST {baseUrl}/embeddings` as OpenAI's does. Throws `EmbedderError`. */
export function createOpenAiEmbedder(options: OpenAiOptions): OutsideEmbedder {
  const { baseUrl, model } = options
  const url = `${baseUrl}/embeddings`
  return {
    id: embedderId({ kind: 'openai', baseUrl, model }),
    batch: TEXTS_AT_ONCE,
    longestText: MAX_CHARACTERS,
    async embed(texts, use, signal) {
      const vectors: Float32Array[] = []
      for (let start = 0; start < texts.length; start += TEXTS_AT_ONCE) {
        const some = texts.slice(start, start + TEXTS_AT_ONCE)
        vectors.push(...(await withRetries(url, some, options, use === 'query' ? 1 : MAX_TRIES, signal)))
      }
      return vectors
    },
  }
}

async function withRetries(
  url: string,
  texts: readonly string[],
  options: OpenAiOptions,
  tries: number,
  signal?: AbortSignal,
): Promise<Float32Array[]> {
  let wait = options.firstPauseMs ?? FIRST_PAUSE_MS
  for (let attempt = 1; ; attempt++) {
    const outcome = await ask(url, texts, options, signal)
    if ('vectors' in outcome) return outcome.vectors
    const { problem, mayPass, isOfTexts = false, cause, retryAfterMs } = outcome
    if (!mayPass || attempt === tries || signal?.aborted)
      throw new EmbedderError(`The embedder at ${url} ${problem}`, { cause, isOfTexts })
    const own = Math.min(MAX_PAUSE_MS, wait)
    await pause(retryAfterMs === undefined ? own : Math.min(MAX_RETRY_AFTER_MS, retryAfterMs), undefined, { signal })
    wait *= 2
  }
}

type Outcome =
  | { vectors: Float32Array[] }
  | { problem: string; mayPass: boolean; isOfTexts?: boolean; retryAfterMs?: number; cause?: unknown }

async function ask(
  url: string,
  texts: readonly string[],
  { model, key, timeoutMs = TIMEOUT_MS }: OpenAiOptions,
  signal?: AbortSignal,
): Promise<Outcome> {
  let answer: Response
  let body: string
  try {
    answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(key ? { authorization: `Bearer ${key}` } : {}) },
      // An empty text is refused by some servers; a space means as little.
      body: JSON.stringify({ model, input: texts.map((text) => text.slice(0, MAX_CHARACTERS) || ' ') }),
      signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])]),
      redirect: 'error', // the key goes to the server that was named and to no other
    })
    body = await answer.text()
  } catch (cause) {
    return { problem: `does not answer: ${(cause as Error).message}.`, mayPass: true, cause }
  }
  if (answer.ok) return readVectors(body, texts.length)
  const retryAfterMs = readRetryAfter(answer.headers)
  const advice = answer.status === 401 || answer.status === 403 ? ' Set PAPERROUND_EMBEDDER_KEY.' : ''
  return {
    problem: `answered ${answer.status}: ${body.slice(0, 200).replace(/\s+/g, ' ')}.${advice}`,
    mayPass: answer.status === 408 || answer.status === 429 || answer.status >= 500,
    isOfTexts: ABOUT_TEXTS.includes(answer.status),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  }
}

/** Seconds or a moment (RFC 9110, 10.2.3), which is told by the server's own clock. Undefined for anything else. */
function readRetryAfter(headers: Headers): number | undefined {
  const value = headers.get('retry-after')
  if (!value) return undefined
  const ms = /^[\d.]+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.parse(headers.get('date') ?? '')
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined
}

function readVectors(body: string, expected: number): Outcome {
  try {
    const { data } = JSON.parse(body) as { data: { index?: number; embedding: number[] }[] }
    const vectors = data
      .map((row, n) => ({ place: row.index ?? n, vector: Float32Array.from(row.embedding) }))
      .sort((a, b) => a.place - b.place)
      .map(({ vector }) => vector)
    const dims = vectors[0]?.length ?? 0
    const isWhole = vectors.every((vector) => vector.length === dims && vector.every(Number.isFinite))
    if (vectors.length === expected && dims > 0 && isWhole) return { vectors }
    return { problem: `sent ${vectors.length} vectors of ${dims} numbers for ${expected} texts.`, mayPass: false }
  } catch (cause) {
    return { problem: 'sent something that is no list of embeddings.', mayPass: false, cause }
  }
}
