// One contestant of bench/search.ts in a process of its own, so that its memory is its own. Answers with one line of JSON.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { collectThoroughly } from '../src/engine/worker/unused-memory.ts'
import { peers } from './search-contestants.ts'
import { type BenchPaper, readPapers } from './search-corpus.ts'
import { measureMore, openOurs, readQueries } from './search-ours.ts'
import { timed } from './search-times.ts'

/** Papers handed over at once. */
const batch = 2_000

const [name, work, model, threads, more] = process.argv.slice(2) as [string, string, string, string, string]
const papersFile = join(work, 'papers.jsonl')
const queries = readQueries(join(work, 'queries.json'))
const folder = join(work, `contestant-${process.pid}`)
mkdirSync(folder)

const setup = { model: model === '' ? undefined : model, threads: Number(threads) }
const ours = name === 'ours' ? await openOurs(folder, setup) : undefined
const contestant = ours ?? (await peers.find((peer) => peer.name === name)!.open(folder))

const start = performance.now()
let waiting: BenchPaper[] = []
for await (const paper of readPapers(papersFile)) {
  waiting.push(paper)
  if (waiting.length < batch) continue
  await contestant.add(waiting)
  waiting = []
}
if (waiting.length > 0) await contestant.add(waiting)
await contestant.finish()
const buildS = (performance.now() - start) / 1_000
const times = await timed(queries, (query) => contestant.ask(query))
// What building left behind is no part of what serving needs; the peak is told beside it. V8 keeps the pages of threads that
// ended for some eight seconds, and those of a heap that was larger until it is told that memory is short.
for (let n = 0; n < 4; n++) {
  collectThoroughly()
  await new Promise((resolve) => setTimeout(resolve, 3_000))
}
const rssMb = process.memoryUsage.rss() / 1e6
const peakRssMb = process.resourceUsage().maxRSS / 1_000
const result = { ...times, buildS, diskMb: contestant.diskBytes() / 1e6, rssMb, peakRssMb }
const details =
  ours && more === 'more'
    ? await measureMore(ours, queries, papersFile, async () => (await openOurs(folder, setup)).index())
    : undefined
if (!details) await contestant.close?.()
console.log(JSON.stringify(details ? { ...result, more: details } : result))
process.exit(0) // some peers keep threads of theirs running
