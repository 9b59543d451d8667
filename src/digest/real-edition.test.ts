import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { openPage } from '../../tests/browser.ts'
import { openSqliteForTest } from '../../tests/databases.ts'
import { arxiv, record } from '../../tests/papers.ts'
import { ada, ben, seedPeople } from '../../tests/people.ts'
import { sharedFile, withoutShared } from '../../tests/shared.ts'
import type { Db } from '../db/index.ts'
import { listPapers } from '../feed/index.ts'
import { buildMessage } from '../lib/mail/index.ts'
import { type PaperId, upsertPapers } from '../papers/index.ts'
import { defaultSettings, previewFor } from './index.ts'

const lists = 'data/hf-daily-to-2025.jsonl.gz'
const site = {
  name: 'Lab Papers',
  baseUrl: 'https://papers.example.org',
  digestFrom: 'digest@example.org',
  timeZone: 'UTC',
}
const reader = { email: 'ada@example.org', token: 'a'.repeat(26) }

type Listed = { date: string; id: string; title: string; abstract: string; authors?: string[] }

/** The longest list there is, 78 real papers, as the edition of a day. */
async function fillLongest(db: Db, day: string): Promise<number> {
  const rows = gunzipSync(readFileSync(sharedFile(lists)))
    .toString('utf8')
    .trim()
    .split('\n')
  const listed = rows.map((row) => JSON.parse(row) as Listed).filter(({ date }) => date === '2025-09-30')
  const records = listed.map(({ id, title, abstract, authors = [] }) =>
    record({
      identifiers: [arxiv(id)],
      title,
      abstract,
      authors: authors.map((name) => ({ name })),
      categories: ['cs.CL'],
    }),
  )
  const now = new Date(`${day}T01:00:00Z`)
  const ids = (await upsertPapers(db, records, now)).map(({ paperId }) => paperId as PaperId)
  await listPapers(
    db,
    ids.map((paperId) => ({ paperId, day })),
    'import',
    now,
  )
  return ids.length
}

test('P32, P48: the longest real edition fits, reads well in both parts, and in a narrow window in both themes', {
  skip: withoutShared(lists),
}, async (t) => {
  const db = await openSqliteForTest(t)
  assert.equal(await fillLongest(db, '2026-03-02'), 78)
  const draft = { ...defaultSettings('UTC'), length: 50 }
  const mail = await previewFor({ db, site, finder: undefined }, draft, reader, new Date('2026-03-02T12:00:00Z'))
  assert.ok(mail?.html && mail.text)
  const { html, text } = mail
  const message = await buildMessage({ ...mail, from: site.digestFrom })
  assert.ok(message.length < 100_000, `${message.length} bytes`)
  assert.ok(mail.shown >= 45, `${mail.shown} of 50 papers`)
  assert.equal(mail.subject, `Daily papers, Mon 2 March: ${mail.shown} papers`)
  assert.match(text, /^All 78 papers: https:\/\/papers\.example\.org\/papers\/date\/2026-03-02$/m)
  // Neither TeX nor markup is left, and nothing is fetched from anywhere.
  for (const part of [text, html.replaceAll(/<style>.*?<\/style>/gs, '')])
    assert.doesNotMatch(part, /\\[a-z]{2,}|\$[^$\d][^$]*\$/)
  assert.doesNotMatch(html, /<(img|script|link|iframe|video|form)\b|url\(|@import|src=/i)
  assert.deepEqual(
    text.split('\n').filter((line) => line.length > 72 && !/https?:/.test(line)),
    [],
  )

  for (const [colorScheme, width] of [
    ['light', 700],
    ['dark', 375],
  ] as const) {
    const page = await openPage(t, { colorScheme, viewport: { width, height: 900 } })
    if (!page) return
    await page.route('**/*', (route) => assert.fail(`the mail asks for ${route.request().url()}`))
    await page.setContent(html)
    const seen = await page.evaluate(() => ({
      wide: document.documentElement.scrollWidth,
      paper: getComputedStyle(document.body).backgroundColor,
      ink: getComputedStyle(document.querySelector('.t') as Element).color,
    }))
    assert.ok(seen.wide <= width, `${seen.wide} wide in ${width}`)
    const dark = { paper: 'rgb(22, 21, 17)', ink: 'rgb(236, 231, 220)' }
    const light = { paper: 'rgb(250, 248, 243)', ink: 'rgb(27, 26, 23)' }
    assert.deepEqual({ paper: seen.paper, ink: seen.ink }, colorScheme === 'dark' ? dark : light)
  }
})

test('what a group of people submit comes with the name of who did; followed authors are marked wherever they stand', async (t) => {
  const db = await openSqliteForTest(t)
  await seedPeople(db)
  const authors = Array.from({ length: 12 }, (_, n) => ({ name: `Author Number${n}` }))
  const now = new Date('2026-03-02T02:00:00Z')
  const outcomes = await upsertPapers(
    db,
    ['Echoes', 'Walls', 'Doors'].map((title, n) =>
      record({ identifiers: [arxiv(`2603.0000${n}`)], title, authors, announcedOn: '2026-03-02' }),
    ),
    now,
  )
  const submitted = outcomes.slice(0, 2).map(({ paperId }, n) => ({
    ...{ paper_id: paperId, person_id: [ada, ben][n] as string, submitted_at: now.toISOString() },
  }))
  await db.insertInto('submission').values(submitted).execute()
  const preview = (want: ReturnType<typeof defaultSettings>['want']) =>
    previewFor(
      { db, site, finder: undefined },
      { ...defaultSettings('UTC'), want },
      reader,
      new Date('2026-03-02T12:00:00Z'),
    )
  const group = { kind: 'picks', who: ada, name: 'Ada Byron', more: [{ who: ben, name: 'Ben Okri' }] } as const
  const mail = await preview({ ...group, more: [...group.more] })
  assert.equal(mail?.subject, 'Submitted by Ada Byron, Ben Okri, Mon 2 March: 2 papers')
  assert.match(mail?.text ?? '', /Echoes[\s\S]*Submitted by Ada Byron[\s\S]*Walls[\s\S]*Submitted by Ben Okri/)
  const followed = await preview({ kind: 'authors', authors: ['Author Number11'] })
  assert.match(followed?.text ?? '', /Author Number3,\s+\*Author Number11\* and 7 more/)
})
