import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageFile } from '../src/lib/assets.ts'
import type { PaperId } from '../src/papers/index.ts'
import { type EngineIndex, openEngineIndex } from '../src/search/adapters/engine-index.ts'
import type { SearchDocument, SearchQuery } from '../src/search/port.ts'
import { bytesIn, type Contestant, hitsAsked } from './search-contestants.ts'
import { type BenchPaper, numbers, readPapers } from './search-corpus.ts'
import { type Times, timed, timesOf } from './search-times.ts'

export type OursMore = {
  lexical: Times
  dense: Times
  filtered: { newestTenth: Times; category: Times; both: Times }
  in16: { queriesPerSecond: number; p95: number }
  recall10: number | null
  restartMs: number
  visibleMs: { p50: number; p95: number }
  memoryMb: number
}

const toDocument = ({ id, title, abstract, authors, categories, day, arxiv }: BenchPaper): SearchDocument => ({
  id: id as PaperId,
  title,
  abstract,
  authors,
  categories,
  identifiers: [arxiv],
  day,
  hasCode: id % 3 === 0,
  isWithdrawn: false,
})

export type OpenModel = { model: string | undefined; threads: number }

/** Our engine with the shipped model: words and meaning, as readers ask. */
export async function openOurs(
  folder: string,
  { model, threads }: OpenModel,
): Promise<Contestant & { index: () => EngineIndex }> {
  const open = () =>
    openEngineIndex({
      folder,
      threads,
      ...(model ? { embedder: model } : {}),
      onProblem: (problem) => console.error(problem),
    })
  let index = await open()
  return {
    add: (papers) => index.put(papers.map(toDocument)),
    async finish() {
      await index.settle()
      await index.close() // everything is on disk
      index = await open()
    },
    ask: (query) => index.search({ text: query, limit: hitsAsked }),
    diskBytes: () => bytesIn(folder),
    close: () => index.close(),
    index: () => index,
  }
}

export const shippedModel = (): string | undefined =>
  existsSync(join(packageFile('model'), 'embedding.bin')) ? packageFile('model') : undefined

/** What only our own is asked: each arm, filters, many at once, restarting, one new paper, recall. */
export async function measureMore(
  ours: Contestant & { index: () => EngineIndex },
  queries: readonly string[],
  papersFile: string,
  reopen: () => Promise<EngineIndex>,
): Promise<OursMore> {
  const index = ours.index()
  const days: number[] = []
  for await (const { day } of readPapers(papersFile)) days.push(day)
  const fromDay = days.sort((a, b) => a - b)[Math.floor(days.length * 0.9)]!
  const ask = (more: Partial<SearchQuery>) =>
    timed(queries, (text) => index.search({ text, limit: hitsAsked, ...more }))
  const arms = { lexical: await ask({ arms: 'lexical' }), dense: await ask({ arms: 'dense' }) }
  const category = { categories: [['cs.LG']] }
  const filtered = {
    newestTenth: await ask({ filter: { fromDay } }),
    category: await ask({ filter: category }),
    both: await ask({ filter: { ...category, fromDay } }),
  }
  const in16 = await manyAtOnce(queries, (text) => index.search({ text, limit: hitsAsked }))
  const visible: number[] = []
  const random = numbers(5)
  for (let n = 0; n < 40; n++) {
    const id = (4_000_000_000 + n) as PaperId
    const word = `visible${Math.floor(random() * 1e9)}`
    const start = performance.now()
    await index.put([
      {
        ...toDocument({
          id,
          title: `A new ${word} paper`,
          abstract: `All about ${word}.`,
          authors: [],
          categories: [],
          day: 0,
          arxiv: String(n),
        }),
      },
    ])
    const { hits } = await index.search({ text: word, limit: 1, arms: 'lexical' })
    if (hits[0]?.id !== id) throw new Error('a new paper was not found at once')
    visible.push(performance.now() - start)
  }
  await index.remove(Array.from({ length: 40 }, (_, n) => (4_000_000_000 + n) as PaperId))
  const recall10 = await index.recall(queries.slice(0, 100))
  const { memoryMb } = await index.status()
  await ours.close?.()
  const start = performance.now()
  const again = await reopen()
  await again.search({ text: queries[0]!, limit: hitsAsked })
  const restartMs = performance.now() - start
  await again.close()
  const { p50, p95 } = timesOf(visible)
  return { ...arms, filtered, in16, recall10, restartMs, visibleMs: { p50, p95 }, memoryMb }
}

async function manyAtOnce(queries: readonly string[], ask: (query: string) => Promise<unknown>) {
  const times: number[] = []
  let next = 0
  const total = queries.length * 4
  const start = performance.now()
  const one = async () => {
    while (next < total) {
      const asked = performance.now()
      await ask(queries[next++ % queries.length]!)
      times.push(performance.now() - asked)
    }
  }
  await Promise.all(Array.from({ length: 16 }, one))
  return { queriesPerSecond: Math.round((total / (performance.now() - start)) * 1_000), p95: timesOf(times).p95 }
}

export const readQueries = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as string[]
