import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import type { Db } from '../../src/db/index.ts'
import { addDays, currentAnnouncementDay, upsertPapers } from '../../src/papers/index.ts'
import { changeSource } from '../../src/sources/index.ts'
import { starsInWords } from '../../src/web/parts/star-history.tsx'
import { checkAccessibility, openPage } from '../browser.ts'
import { arxiv, record } from '../papers.ts'
import { ada } from '../people.ts'
import type { Site } from '../program.ts'
import { signIn, signInBrowser } from '../sign-in.ts'
import { startSiteWithPeople } from '../sites.ts'

// The pages about gathering as people see them: days complete, broken and out of reach, sources well and broken.
// PAPERROUND_TEST_SHOTS names a folder for pictures of them.

let site: Site
let db: Db
let secret: string
const today = currentAnnouncementDay(new Date())
const rooms = 'https://github.com/example/rooms'

before(async (t) => {
  ;({ site, db, secret } = await startSiteWithPeople(t as never))
  const at = new Date()
  await upsertPapers(
    db,
    [
      record({
        identifiers: [arxiv('2611.00001')],
        title: 'Rooms with a history',
        links: [{ kind: 'code', url: rooms, stars: 1204 }],
      }),
    ],
    at,
  )
  await db
    .insertInto('link_stars')
    .values(
      [40, 20, 10, 0].map((back, index) => ({ url: rooms, day: addDays(today, -back), stars: 894 + index * 103 })),
    )
    .execute()
  const now = at.toISOString()
  const day = (subject: string, state: string, more: object) => ({
    source: 'arxiv',
    subject,
    day: today,
    state,
    declared: null,
    stored: null,
    via: 'listing',
    message: null,
    first_tried_at: '2026-01-01T00:00:00.000Z',
    checked_at: now,
    completed_at: null,
    ...more,
  })
  await db
    .insertInto('gathered_day')
    .values([
      day('cs.AI', 'complete', { declared: 79, stored: 79, completed_at: now }),
      day('cs.CL', 'stale', { message: 'arXiv could not be read: getaddrinfo ENOTFOUND arxiv.org' }),
    ])
    .execute()
  for (const name of ['journal', 'blog'])
    await changeSource(
      db,
      { name, kind: 'feed', title: `The ${name} of rooms`, url: `https://${name}.example.org/rss` },
      { actorId: ada, at },
    )
})

for (const colorScheme of ['light', 'dark'] as const)
  for (const width of [360, 1280])
    test(`P15 axe finds nothing on the pages about gathering, ${colorScheme}, ${width} wide`, async (t) => {
      const page = await openPage(t, { colorScheme, viewport: { width, height: 800 } })
      if (!page) return
      await signInBrowser(page.context(), site.url, await signIn(db, secret, ada))
      for (const path of ['/status', `/papers/date/${today}`, '/admin/sources', '/papers/2611.00001']) {
        await page.goto(site.url + path)
        await page.evaluate(() => {
          for (const details of document.querySelectorAll('details')) details.open = true
        })
        await checkAccessibility(page)
        const wide = await page.evaluate(() => document.documentElement.scrollWidth)
        assert.ok(wide <= width, `${path} is ${wide} wide`)
        await picture(page, `${colorScheme}-${width}${path.replaceAll('/', '_')}`)
        const text = await page.locator('main').innerText()
        if (path === '/status') {
          assert.match(text, /arXiv cannot be reached from this server; it is tried again by itself/)
          assert.match(text, /In the system's words\s+arXiv could not be read: getaddrinfo ENOTFOUND arxiv\.org/)
        }
        if (path === '/papers/2611.00001') assert.match(text, /1,203, 309 more than 30 days ago/)
      }
    })

test('the history of stars in words', () => {
  assert.equal(
    starsInWords(
      [
        { day: '2026-03-01', stars: 5 },
        { day: '2026-03-02', stars: 5 },
      ],
      '2026-03-02',
    ),
    '5, as many as on 1 Mar 2026',
  )
  assert.equal(
    starsInWords(
      [
        { day: '2026-01-01', stars: 7 },
        { day: '2026-03-02', stars: 5 },
      ],
      '2026-03-02',
    ),
    '5, 2 fewer than 30 days ago',
  )
})

async function picture(page: { screenshot(options: object): Promise<unknown> }, name: string): Promise<void> {
  const folder = process.env.PAPERROUND_TEST_SHOTS
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
}
