// How fast texts become vectors: `npm run bench:embed -- PAPERS.jsonl[.gz]` prints one JSON object.
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { fitLocal } from '../src/engine/embed/fit-local.ts'
import { loadEmbedder, paperText } from '../src/engine/embed/index.ts'
import { hashWord } from '../src/engine/embed/tokens.ts'
import { termsOf } from '../src/engine/text/terms-of.ts'
import { packageFile } from '../src/lib/assets.ts'

const MOST_PAPERS = 20_000
const FITTED_PAPERS = 5_000
const REPEATS = 3

const file = process.argv.slice(2).find((argument) => !argument.startsWith('--'))
if (!file) throw new Error('name a file of papers: JSON Lines with title and abstract')
const bytes = readFileSync(file)
const lines = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString().trim().split('\n').slice(0, MOST_PAPERS)
const papers = lines.map((line) => JSON.parse(line) as { title: string; abstract: string })
const texts = papers.map(({ title, abstract }) => paperText(title, abstract))

const startedAt = performance.now()
const embedder = loadEmbedder(packageFile('model'))
const loadMs = performance.now() - startedAt
const out = new Float32Array(embedder.dims)

/** Milliseconds an item, the best of several rounds: other work on the machine only ever adds. */
function fastest(items: readonly string[], work: (item: string) => void): number {
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < REPEATS; round++) {
    const from = performance.now()
    for (const item of items) work(item)
    best = Math.min(best, (performance.now() - from) / items.length)
  }
  return best
}

const abstractMs = fastest(texts, (text) => embedder.embedInto(text, out, 0))
const queryMs = fastest(
  papers.map(({ title }) => title),
  (title) => embedder.embedInto(title, out, 0),
)
const lists = texts.slice(0, FITTED_PAPERS).map((text) => Uint32Array.from(termsOf(text), ({ term }) => hashWord(term)))
const fitFrom = performance.now()
fitLocal(lists)
console.log(
  JSON.stringify({
    papers: papers.length,
    abstractsPerSecond: Math.round(1000 / abstractMs),
    queryMs: Math.round(queryMs * 1e4) / 1e4,
    loadMs: Math.round(loadMs),
    fitMs: Math.round(performance.now() - fitFrom),
    fittedOn: lists.length,
    rssMb: Math.round(process.memoryUsage.rss() / 1e6),
  }),
)
