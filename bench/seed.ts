// Whether the papers of a list are found among many others: each by its own title, and together by their subject.
// Usage: npm run bench:seed -- PAPERS.jsonl.gz SEED.jsonl [--query "local generalization"] [--wait SECONDS] [--json]
// PAPERS are the many; SEED has one {"title", "abstract"} a line, imported beside them, best papers of the subject first.
import { createReadStream, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { importFile } from '../src/cli/import-file.ts'
import { openContext, openPaperSearch } from '../src/compose/index.ts'
import { readConfig } from '../src/config.ts'
import { renderTexPlain } from '../src/lib/tex/index.ts'
import { currentAnnouncementDay } from '../src/papers/index.ts'
import { searchPapers } from '../src/search/index.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  args: process.argv.slice(2),
  options: {
    query: { type: 'string', default: 'local generalization' },
    json: { type: 'boolean', default: false },
    wait: { type: 'string', default: '20' },
  },
})
const [papers, seed] = positionals
if (!papers || !seed) throw new Error('Name the papers and the list: npm run bench:seed -- PAPERS.jsonl.gz SEED.jsonl')
const titles = readFileSync(seed, 'utf8')
  .trim()
  .split('\n')
  .map((line) => (JSON.parse(line) as { title: string }).title)
const folder = mkdtempSync(join(tmpdir(), 'paperround-bench-'))
const results: Record<string, unknown>[] = []

try {
  await measure('starter alone', [])
  await measure('starter and abstracts', [seed])
  await measure('starter, abstracts and the others', [papers])
} finally {
  rmSync(folder, { recursive: true, force: true })
}
if (values.json) console.log(JSON.stringify(results))
else console.table(results)

/** Imports more files into the same folder and asks everything again. */
async function measure(name: string, files: string[]): Promise<void> {
  await using context = await openContext(readConfig({ PAPERROUND_DATA: folder }), { command: 'bench' })
  const { db, clock } = context
  for (const file of files) await importFile(db, createReadStream(file), { name: file, clock })
  const start = performance.now()
  await using search = openPaperSearch(context)
  await search.caughtUp()
  const indexS = (performance.now() - start) / 1000
  // Some seconds after the last change a part of the model is fitted on these very papers: what readers meet is after it.
  await sleep(Number(values.wait) * 1_000)
  const today = currentAnnouncementDay(clock())
  // A title may have come with TeX from another source of the same paper.
  const plain = (text: string) =>
    renderTexPlain(text)
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]/gu, '')
  const ask = async (q: string, limit: number) =>
    (await searchPapers(db, search, { q, limit }, today)).found.map(({ card }) => plain(card.title))
  const misses: string[] = []
  for (const title of titles) if ((await ask(title, 1))[0] !== plain(title)) misses.push(title)
  const ofList = new Set(titles.map(plain))
  const first = await ask(values.query, titles.length)
  results.push({
    name,
    documents: (await search.report()).documents,
    indexS: Number(indexS.toFixed(1)),
    titlesFirst: titles.length - misses.length,
    [`of the list among the first ${titles.length}`]: first.filter((title) => ofList.has(title)).length,
    'among the first 20': first.slice(0, 20).filter((title) => ofList.has(title)).length,
    ...(misses.length > 0 ? { misses: misses.join(' | ') } : {}),
  })
}
