import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

export type BenchPaper = {
  id: number
  title: string
  abstract: string
  authors: string[]
  categories: string[]
  day: number
  arxiv: string
}
type Record = { id: string; title: string; abstract: string; authors: string[]; categories: string[]; date: string }

/** Queries asked of every contestant; twice as many: steadier percentiles, twice the time. */
const queryCount = 400

/** Numbers from 0 to below 1, the same in every run. */
export function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

export async function* readPapers(path: string): AsyncGenerator<BenchPaper> {
  for await (const line of createInterface({ input: createReadStream(path) })) yield JSON.parse(line) as BenchPaper
}

/**
 * Writes `count` papers as JSON Lines and answers the queries: 2 to 6 words longer than three letters of a real title, in
 * its order. Beyond the real papers, each further one takes its title and sentences from real papers of one category.
 */
export async function prepareCorpus(source: string, count: number, target: string): Promise<string[]> {
  const random = numbers(11)
  const out = createWriteStream(target)
  const write = async (paper: BenchPaper) => {
    if (!out.write(`${JSON.stringify(paper)}\n`)) await once(out, 'drain')
  }
  const isPacked = source.endsWith('.gz')
  const file = createReadStream(source)
  const input: Readable = isPacked ? file.pipe(createGunzip()) : file
  const kept = new Map<string, Record[]>()
  const titles: string[] = []
  let written = 0
  for await (const line of createInterface({ input })) {
    if (written === count) break
    const record = JSON.parse(line) as Record
    written++
    titles.push(record.title)
    const category = record.categories[0] ?? 'none'
    // Enough of a category to draw from, without keeping everything in memory.
    const list = kept.get(category) ?? []
    if (list.length < 4_000) list.push(record)
    kept.set(category, list)
    await write(toPaper(record, written))
  }
  const real = written
  const lists = [...kept.values()].filter((list) => list.length > 20)
  const weights = lists.map((list) => list.length)
  while (written < count) {
    const list = lists[drawn(weights, random)]!
    const one = () => list[Math.floor(random() * list.length)]!
    const sentences = Array.from({ length: 5 + Math.floor(random() * 4) }, () => sentenceOf(one().abstract, random))
    const base = one()
    await write(
      toPaper({ ...one(), categories: base.categories, date: base.date, abstract: sentences.join(' ') }, ++written),
    )
  }
  out.end()
  await once(out, 'finish')
  return queriesFrom(titles.slice(0, real), random)
}

function queriesFrom(titles: readonly string[], random: () => number): string[] {
  const queries: string[] = []
  for (let tries = 0; queries.length < queryCount && tries < queryCount * 20; tries++) {
    const words = (titles[Math.floor(random() * titles.length)] ?? '').match(/[a-z][a-z-]{3,}/gi) ?? []
    const wanted = 2 + Math.floor(random() * 5)
    if (words.length >= wanted) queries.push(words.slice(0, wanted).join(' '))
  }
  return queries
}

function drawn(weights: readonly number[], random: () => number): number {
  let left = random() * weights.reduce((sum, one) => sum + one, 0)
  for (const [n, weight] of weights.entries()) {
    left -= weight
    if (left < 0) return n
  }
  return 0
}

function sentenceOf(text: string, random: () => number): string {
  const sentences = text.split(/(?<=[.!?])\s+/)
  return sentences[Math.floor(random() * sentences.length)] ?? ''
}

function toPaper({ id: arxiv, title, abstract, authors, categories, date }: Record, id: number): BenchPaper {
  return { id, title, abstract, authors, categories, arxiv, day: Math.floor(Date.parse(date) / 86_400_000) }
}
