import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { openSqlite } from '../../src/db/index.ts'
import { searchPapers } from '../../src/search/index.ts'
import { temporaryFolder } from '../databases.ts'
import { environment, runProgram } from '../program.ts'
import { openSearchForTest } from '../search.ts'
import { sharedFile, withoutShared } from '../shared.ts'

// `npm run bench:seed` does the same with as many papers as one likes.
const LIST = 'data/seed-papers.jsonl'
const OTHERS = 'data/hf-daily-to-2025.jsonl.gz'
/** Every fourth of seven thousand papers of the same field, which is harder than any two thousand. */
const ONE_IN = 4
const QUERY = 'local generalization'
/** What the first 75 must hold of the list among two thousand others; chance would be three. Raise it with the ranking. */
const DENSE = 20

test('each paper of the list is first for its title among thousands, and they are dense for their subject', {
  skip: withoutShared(LIST) || withoutShared(OTHERS),
}, async (t) => {
  const folder = temporaryFolder(t)
  const others = gunzipSync(readFileSync(sharedFile(OTHERS)))
    .toString()
    .split('\n')
    .filter((_, line) => line % ONE_IN === 0)
  for (const [file, input] of [
    ['-', Buffer.from(others.join('\n'))],
    [sharedFile(LIST), Buffer.alloc(0)],
  ] as const) {
    const imported = await runProgram(['import', file], environment(folder), input)
    assert.equal(imported.code, 0, imported.stderr)
  }
  const db = openSqlite(join(folder, 'paperround.sqlite'))
  t.after(() => db.destroy())
  await using search = await openSearchForTest(t, db)
  assert.ok((await search.report()).documents > 1_900)

  const titles = readFileSync(sharedFile(LIST), 'utf8')
    .trim()
    .split('\n')
    .map((text) => (JSON.parse(text) as { title: string }).title)
  // One of the others is a copy of a paper of the list whose title is set in TeX: the same work, whichever comes first.
  const plain = (text: string) =>
    text
      .toLowerCase()
      .replace(/\\[a-z]+/g, '')
      .replace(/[^\p{L}\p{N}]/gu, '')
  const found = async (q: string, limit: number) =>
    (await searchPapers(db, search, { q, limit }, '2026-01-02')).found.map(({ card }) => plain(card.title))
  for (const title of titles) assert.equal((await found(title, 3))[0], plain(title))
  const ofList = new Set(titles.map(plain))
  const dense = (await found(QUERY, titles.length)).filter((title) => ofList.has(title)).length
  t.diagnostic(`${dense} of the first ${titles.length} for "${QUERY}" are of the list`)
  assert.ok(dense >= DENSE, `${dense}`)
})
