import assert from 'node:assert/strict'
import { createReadStream, readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { sharedFile, withoutShared } from '../../tests/shared.ts'
import { type ImportItem, readImport } from './read-import.ts'

async function read(input: Readable, name: string): Promise<ImportItem[]> {
  const items: ImportItem[] = []
  for await (const batch of readImport(input, { name })) items.push(...batch)
  return items
}

async function readShared(
  path: string,
): Promise<{ papers: Extract<ImportItem, { kind: 'paper' }>[]; bad: ImportItem[] }> {
  const items = await read(createReadStream(sharedFile(path)), path)
  return { papers: items.filter((item) => item.kind === 'paper'), bad: items.filter((item) => item.kind === 'bad') }
}

const corpus = 'data/arxiv-200k.jsonl.gz'
test('every one of 200,000 arXiv papers is read', { skip: withoutShared(corpus) }, async () => {
  let count = 0
  let datedCount = 0
  for await (const items of readImport(createReadStream(sharedFile(corpus)), { name: corpus })) {
    for (const item of items) {
      assert.ok(item.kind === 'paper', JSON.stringify(item))
      count += 1
      if (item.paper.datedOn && item.paper.identifiers[0]?.source === 'arxiv') datedCount += 1
      for (const { name } of item.paper.authors) assert.ok(!/[\n,]/.test(name), name)
    }
  }
  assert.equal(count, 200_000)
  assert.equal(datedCount, 200_000)
})

const editions = 'data/hf-daily-to-2025.jsonl.gz'
test('395 past editions are read with their days and votes', { skip: withoutShared(editions) }, async () => {
  const { papers, bad } = await readShared(editions)
  assert.equal(bad.length, 0)
  assert.equal(papers.length, 7_556)
  assert.equal(new Set(papers.map(({ listing }) => listing?.day)).size, 395)
  assert.ok(papers.every(({ paper }) => paper.elsewhere && paper.submittedAt && paper.identifiers.length === 1))
})

const captured = 'samples/hf/REAL_api_daily_papers_2026-05-08_3items.json'
test('a captured list of Daily Papers is read', { skip: withoutShared(captured) }, async () => {
  const { papers, bad } = await readShared(captured)
  assert.deepEqual(bad, [])
  assert.deepEqual(
    papers.map(({ listing }) => listing?.day),
    ['2026-05-08', '2026-05-08', '2026-05-08'],
  )
  assert.ok(papers.every(({ paper, listing }) => paper.elsewhere && paper.abstract && listing?.submittedBy))
})

const others: [path: string, papers: number, listed: number][] = [
  ['samples/hf/REAL_api_daily_papers_item_2602.23229_2026-03.json', 1, 1],
  ['samples/hf/REAL_api_papers_search_q=kazakh_2025-05.json', 9, 0],
  ['samples/hf/REAL_page_PaperContent-props_2509.24002_2025-10-01.json', 1, 1],
  ['samples/hf/REAL_comment_with_replies_2407.13168_2026-09.json', 0, 0],
]
for (const [path, count, listed] of others) {
  test(`${path} gives ${count} papers, ${listed} with a day`, { skip: withoutShared(path) }, async () => {
    const { papers } = await readShared(path)
    assert.equal(papers.length, count)
    assert.equal(papers.filter(({ listing }) => listing).length, listed)
  })
}

const seed = 'data/seed-papers.jsonl'
test('the seed list is read, and again when it is pasted as a page', { skip: withoutShared(seed) }, async () => {
  const { papers, bad } = await readShared(seed)
  assert.deepEqual(bad, [])
  assert.equal(papers.length, 75)
  const records = readFileSync(sharedFile(seed), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const page = records
    .map(({ title, abstract }) => `${title}\r\n\r\n${abstract.replace(/(.{60}\S*) /g, '$1\r\n')}\r\n\r\n`)
    .join('\r\n')
  const pasted = await read(Readable.from([Buffer.from(page)]), 'page.txt')
  assert.deepEqual(
    pasted.map((item) => item.kind === 'paper' && item.paper.title),
    records.map(({ title }) => title.replace(/\s+/g, ' ')),
  )
})
