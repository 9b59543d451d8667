import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Db } from '../../db/index.ts'
import type { KeptVectors } from './kept-vectors.ts'
import type { OutsideEmbedder } from './outside-embedder.ts'
import { paperTextsAfter } from './vector-queries.ts'

/** What embedding the papers that have no vector of a model yet will take. */
export type EmbeddingCost = {
  /** Papers there are, and how many of them wait for a vector. */
  papers: number
  texts: number
  /** About: English has four characters to a token. */
  tokens: number
  requests: number
}

const PAPERS_AT_ONCE = 200
const CHARACTERS_A_TOKEN = 4
/** What a million tokens cost at the cheaper providers, in dollars: an order of magnitude, not an offer. */
const EXAMPLE_PRICE = 0.02

/** The text of a paper as it is embedded. */
export const embeddedText = (title: string, abstract: string): string => `${title}. ${abstract}`

/** Looks through all papers, a few at a time; asks no model. About 20 s a million papers. */
export async function embeddingCost(
  db: Db,
  kept: Pick<KeptVectors, 'missing'>,
  { batch }: Pick<OutsideEmbedder, 'batch'>,
  signal?: AbortSignal,
): Promise<EmbeddingCost> {
  let [papers, texts, characters, last] = [0, 0, 0, 0]
  for (;;) {
    const rows = await paperTextsAfter(db, last, PAPERS_AT_ONCE)
    if (rows.length === 0) break
    last = rows.at(-1)!.id
    papers += rows.length
    const missing = await kept.missing(rows.map((row) => embeddedText(row.title, row.abstract ?? row.summary ?? '')))
    texts += missing.length
    characters += missing.reduce((sum, text) => sum + text.length, 0)
    await nextTurn()
    signal?.throwIfAborted()
  }
  return { papers, texts, tokens: Math.ceil(characters / CHARACTERS_A_TOKEN), requests: Math.ceil(texts / batch) }
}

/** "2,000 of 2,000 papers have no vector of this model yet: about 600,000 tokens in 32 requests, ..." */
export function costInWords({ papers, texts, tokens, requests }: EmbeddingCost, isBought: boolean): string {
  const many = (count: number, what: string) => `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`
  if (texts === 0) return `All ${many(papers, 'paper')} have their vector of this model: nothing is asked of it.`
  const price = ((tokens / 1e6) * EXAMPLE_PRICE).toFixed(2)
  const bill = isBought ? `, ${price} dollars at a price of ${EXAMPLE_PRICE} a million` : ''
  return `${texts.toLocaleString('en')} of ${many(papers, 'paper')} have no vector of this model yet: about ${many(tokens, 'token')} in ${many(requests, 'request')}${bill}.`
}
