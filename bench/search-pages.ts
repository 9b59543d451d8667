// How long the pages of search take at a running site: pages of results and suggestions, one request after the other.
// Usage: npm run bench:search-pages -- URL [--corpus FILE.jsonl[.gz]] [--queries N] [--json]
// From the machine itself (no rates there), the corpus being what is stored at the site. Times are what a client sees.
import { createReadStream } from 'node:fs'
import { Agent, request } from 'node:http'
import { loadavg } from 'node:os'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { createGunzip } from 'node:zlib'
import { packageFile } from '../src/lib/assets.ts'
import { quantile } from '../src/search/relevance.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  args: process.argv.slice(2),
  options: {
    corpus: { type: 'string', default: packageFile('../shared/data/arxiv-200k.jsonl.gz') },
    queries: { type: 'string', default: '200' },
    json: { type: 'boolean', default: false },
  },
})
const [site] = positionals
if (!site) throw new Error('Name a running site: npm run bench:search-pages -- http://127.0.0.1:4321')
const agent = new Agent({ keepAlive: true, maxSockets: 1 })
const wanted = Number(values.queries)

const titles = await someTitles(wanted)
/** Two to six words of a real title, from another place in each. */
const queries = titles.map(({ title }, n) => {
  const words = title.split(/\s+/)
  const length = 2 + (n % 5)
  const from = Math.max(0, (n * 7) % Math.max(1, words.length - length))
  return words.slice(from, from + length).join(' ')
})
const narrowed = queries.map((query, n) => `${query} ${['cat:cs.LG', 'date:2025', 'title:learning', 'lear*'][n % 4]}`)
const fieldPrefixes = ['title:gen*', 'author:smi*', 'title:co*', 'author:li*', 'abstract:re*', 'title:"deep learning"']
/** What the site is asked while somebody types, letter by letter. */
const typed = titles.flatMap(({ title, author }, n) => {
  const text = n % 3 === 0 ? author : title
  return [1, 2, 3, 5, 8, 13, 21].map((length) => text.slice(0, length))
})
const odd = [
  '1$d$',
  '$',
  '(',
  '""',
  "'",
  'a-b-',
  '-',
  '𝒜',
  '李',
  'שלום',
  'é',
  '%',
  '_',
  'C++',
  '1',
  '2401',
  'cs.',
  'x'.repeat(120),
]

const rounds: [name: string, paths: string[]][] = [
  ['page', queries.map(pathOf)],
  ['page again', queries.map(pathOf)],
  ['page, narrowed', narrowed.map(pathOf)],
  ['page, by newest', queries.map((query) => `${pathOf(query)}&sort=newest`)],
  ['page, by upvotes', queries.map((query) => `${pathOf(query)}&sort=upvotes`)],
  ['page, beginnings in a field', fieldPrefixes.flatMap((query) => new Array(5).fill(pathOf(query)))],
  ['suggestions', typed.map(suggestPath)],
  ['suggestions, odd', odd.map(suggestPath)],
]
const report: Record<string, unknown> = { load: loadavg()[0] }
for (const query of ['warm up', 'the words of a title']) await time(pathOf(query))
for (const [name, paths] of rounds) {
  const times: { ms: number; path: string }[] = []
  for (const path of paths) times.push({ ms: await time(path), path })
  const all = times.map(({ ms }) => ms)
  const at = (share: number) => Number(quantile(all, share).toFixed(2))
  const [worst] = times.sort((a, b) => b.ms - a.ms)
  report[name] = {
    requests: all.length,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    worst: decodeURIComponent(worst!.path),
  }
}
agent.destroy()
if (values.json) console.log(JSON.stringify(report))
else {
  const { load, ...rows } = report
  console.table(rows)
  console.log(`load of the machine: ${(load as number).toFixed(1)}`)
}

function pathOf(query: string): string {
  return `/papers?q=${encodeURIComponent(query)}`
}
function suggestPath(text: string): string {
  return `/papers/suggest?q=${encodeURIComponent(text)}`
}

/** Milliseconds until the whole answer is there. */
function time(path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const start = performance.now()
    request(`${site}${path}`, { agent }, (answer) => {
      if (answer.statusCode !== 200 && answer.statusCode !== 302) reject(new Error(`${path}: ${answer.statusCode}`))
      answer.resume()
      answer.on('end', () => resolve(performance.now() - start))
    })
      .on('error', reject)
      .end()
  })
}

/** Titles with one author each, evenly spread over the corpus. */
async function someTitles(count: number): Promise<{ title: string; author: string }[]> {
  const all: { title: string; author: string }[] = []
  const file = createReadStream(values.corpus)
  const plain = values.corpus.endsWith('.gz') ? file.pipe(createGunzip()) : file
  for await (const line of createInterface({ input: plain })) {
    const { title, authors } = JSON.parse(line) as { title?: string; authors?: (string | { name: string })[] }
    const first = authors?.[0]
    if (title && first) all.push({ title, author: typeof first === 'string' ? first : first.name })
  }
  const step = Math.max(1, Math.floor(all.length / count))
  return all.filter((_, n) => n % step === 0).slice(0, count)
}
