import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { before, describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { packageFile } from '../../src/lib/assets.ts'
import { checkAccessibility, openPage } from '../browser.ts'
import { temporaryFolder } from '../databases.ts'
import { environment, runProgram, type Site, searchReady, startSite } from '../program.ts'

// One running site for the whole file, as people meet it: the built program, the starter, and some papers of ours.
const papers = [
  {
    id: '2601.00001',
    title: 'Attention in small rooms: a na\\"{\\i}ve view of $\\ell_2$ norms',
    abstract:
      'We show that $\\sum_{i} x_i^2 < \\infty$ in rooms, see https://example.org/rooms.\n  A second paragraph cites arXiv:2601.00002.',
    authors: Array.from({ length: 40 }, (_, n) => `Author Number${n}`),
    categories: ['cs.LG', 'stat.ML'],
    submitted_at: '2026-01-01T18:30:14Z',
    github_repo: 'https://github.com/example/rooms',
    project_page: 'https://example.org/rooms',
    doi: '10.1000/rooms',
  },
  {
    id: 'hep-th/9901001',
    title: 'Strings before the web',
    abstract: 'Old.',
    authors: ['Old Author'],
    categories: ['hep-th'],
    date: '1999-01-04',
  },
  {
    id: '2601.00002',
    title: 'Withdrawn <script>alert(1)</script> & broken $\\frac{1$ maths',
    abstract: 'It did not hold.',
    authors: ["Honest O'Person"],
    categories: ['cs.CL'],
    comments: 'Sign error in Lemma 2',
    versions: [{ version: 'v1', created: 'Thu, 1 Jan 2026 18:30:14 GMT' }],
  },
]
const dailyPapers = [
  ...Array.from({ length: 30 }, (_, n) => ({
    date: '2026-01-05',
    id: `2601.${10_000 + n}`,
    title: `Paper ${n} of a usual day: on the learning of long and interesting things by machines`,
    abstract: 'An abstract of usual length. '.repeat(30),
    authors: ['Ada Byron', 'Ben Okri', 'Chen Wei', 'Dana Scully', 'Eve Online', 'Finn Human', 'Gus Fring'],
    upvotes: 30 - n,
    num_comments: 2,
    submitted_by: 'Someone Elsewhere',
    github_repo: `https://github.com/example/repo-${n}`,
    observed_at: '2026-01-06T00:00:00Z',
  })),
]

let site: Site
let starterDay: string

before(async (t) => {
  const folder = temporaryFolder(t as never)
  const input = [...papers, ...dailyPapers].map((paper) => JSON.stringify(paper)).join('\n')
  const jsonl = await runProgram(
    ['import', '--as', 'jsonl', '-'],
    environment(folder),
    Buffer.from(papers.map((paper) => JSON.stringify(paper)).join('\n')),
  )
  assert.equal(jsonl.code, 0, jsonl.stderr + input.length)
  const dated = await runProgram(
    ['import', '--as', 'dated-list', '-'],
    environment(folder),
    Buffer.from(dailyPapers.map((paper) => JSON.stringify(paper)).join('\n')),
  )
  assert.equal(dated.code, 0, dated.stderr)
  site = await startSite(t as never, folder, { PAPERROUND_NAME: 'Daily Papers', PAPERROUND_EDITOR: 'Ada' })
  // Similar papers appear once the index is built; from then on nothing changes by itself.
  await searchReady(site)
  starterDay = ((await (await fetch(`${site.url}/healthz`)).json()) as { newestEdition: string }).newestEdition
})

/**
 * How far the first page of a new browser may move on a machine with too much to do: its fonts are still on the way when it is
 * painted. Browsers call less than 0.1 good; a picture without a size or a banner that comes late is far above this.
 */
const FONT_SHIFT = 0.02

const pageKinds = () => [
  '/',
  `/papers/date/${starterDay}`,
  '/papers/date/2026-01-05',
  '/papers/date/2026-01-10',
  '/papers/week/2026-W02',
  '/papers/month/2026-01',
  '/papers/trending',
  '/papers/2601.00001',
  '/papers/2601.00002',
  '/papers/hep-th/9901001',
  '/categories',
  '/categories/cs.LG',
  '/categories/q-bio.CB',
  '/authors/ada-byron',
  '/about',
  '/status',
  '/subscribe',
  '/subscribe/sent',
  '/about/mail',
]
const errorPages: [string, number][] = [
  ['/papers/1234.12345', 400],
  ['/papers/2601.99999', 404],
  ['/papers/date/2026-02-30', 400],
  ['/papers?id=hello', 400],
  ['/nothing', 404],
  ['/categories/no.Such', 404],
  ['/authors/nobody-at-all', 404],
  ['/?limit=0', 400],
  ['/?after=x', 400],
  ['/subscribe/me', 405],
  ['/u/nobodyhasthistoken', 404],
  ['/mail/nobodyhasthistoken', 404],
  ['/subscribe/confirm/nobodyhasthistoken', 404],
]

describe('pages over HTTP', () => {
  test('the front page shows all 75 starter titles, labelled as the starter, by the editor', async () => {
    const html = await (await fetch(site.url)).text()
    const titles = readFileSync(packageFile('data/starter.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).title as string)
    const text = decoded(html)
    assert.equal(html.match(/<li class="card">/g)?.length, 75)
    // Shown as TeX means them: -- is a dash.
    for (const title of titles) assert.ok(text.includes(title.replace(' -- ', ' \u2013 ')), title)
    assert.match(html, /Starter edition/)
    assert.match(html, /by Ada and the research community/)
  })

  test('every page answers 200 with the security headers, and again 304', async () => {
    for (const path of pageKinds()) {
      const answer = await fetch(site.url + path)
      assert.equal(answer.status, 200, path)
      assert.match(answer.headers.get('content-security-policy') ?? '', /script-src 'self'/, path)
      assert.doesNotMatch(answer.headers.get('content-security-policy') ?? '', /unsafe/, path)
      const html = await answer.text()
      assert.doesNotMatch(html, / style=/, path)
      const etag = answer.headers.get('etag') as string
      // The status page has the time and memory in it and may differ.
      if (path !== '/status')
        assert.equal((await fetch(site.url + path, { headers: { 'if-none-match': etag } })).status, 304, path)
    }
  })

  test('what cannot be shown is explained with the right status', async () => {
    for (const [path, status] of errorPages) {
      const answer = await fetch(site.url + path, { redirect: 'manual' })
      assert.equal(answer.status, status, path)
      assert.match(await answer.text(), /<h1>/, path)
    }
    assert.match(await (await fetch(`${site.url}/papers/2601.99999`)).text(), /paperround import/)
  })

  test('odd addresses and broken forms are the sender’s mistake, never ours', async () => {
    const status = async (path: string, init: RequestInit = {}) =>
      (await fetch(site.url + path, { redirect: 'manual', ...init })).status
    assert.equal(await status('/papers/2601.00001%'), 301)
    assert.equal(await status('/papers/%ff%fe'), 400)
    assert.equal(await status('/papers/2601.00001', { method: 'POST' }), 405)
    assert.equal(await status('/papers/date/2026-01-05', { method: 'PATCH' }), 405)
    assert.equal(await status('/status/'), 301)
    assert.equal(await status('/robots.txt'), 200)
    assert.equal(await status('/assets/..%2f..%2fpackage.json'), 404)
    const broken = { method: 'POST', body: 'garbage', headers: { 'content-type': 'multipart/form-data; boundary=x' } }
    assert.equal(await status('/subscribe', broken), 400)
    assert.equal(await status('/appearance', { ...broken, headers: { 'content-type': 'multipart/form-data' } }), 400)
    assert.equal(await status('/papers/week?day='), 302)
    assert.doesNotMatch(site.output(), /a page failed/)
  })

  test('P9: each date says what it is, with its zone', async () => {
    const page = await (await fetch(`${site.url}/papers/2601.10000`)).text()
    const facts = page.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')
    assert.match(facts, /Listed here Monday,? 5 January 2026/)
    assert.match(facts, /First stored here [^A-Z]+\w+ 20\d\d.* UTC/)
  })

  test('a version we do not know is said to be unknown', async () => {
    assert.match(await (await fetch(`${site.url}/papers/2601.00001v9`)).text(), /You asked for version 9/)
  })

  test('the cursor of one day or month is refused on another', async () => {
    const html = await (await fetch(`${site.url}/papers/date/2026-01-05?limit=5`)).text()
    const after = /after=([\w-]+)/.exec(html)?.[1]
    assert.equal((await fetch(`${site.url}/papers/date/2026-01-05?limit=5&after=${after}`)).status, 200)
    assert.equal((await fetch(`${site.url}/papers/date/2026-01-06?after=${after}`)).status, 400)
    const month = /after=([\w-]+)/.exec(await (await fetch(`${site.url}/papers/month/2026-01?limit=5`)).text())?.[1]
    assert.equal((await fetch(`${site.url}/papers/month/2026-01?after=${month}`)).status, 200)
    assert.equal((await fetch(`${site.url}/papers/month/2026-02?after=${month}`)).status, 400)
  })

  test('every form of an id leads to one address', async () => {
    const forms: [string, string][] = [
      ['/papers/2601.00001v1', '/papers/2601.00001v1'],
      ['/papers/arXiv:2601.00001', '/papers/2601.00001'],
      ['/papers?id=https://arxiv.org/pdf/2601.00001v1.pdf', '/papers/2601.00001v1'],
      ['/papers/math.GT/0309136', '/papers/math.GT/0309136'],
      ['/papers/Hep-Th/9901001', '/papers/hep-th/9901001'],
      ['/papers/doi/10.1000/ROOMS', '/papers/2601.00001'],
      ['/categories/stat.TH', '/categories/math.ST'],
    ]
    for (const [form, expected] of forms) {
      const answer = await fetch(site.url + form)
      assert.equal(new URL(answer.url).pathname, expected, form)
    }
  })

  test('an empty Saturday says why and links to the last day with papers', async () => {
    const html = await (await fetch(`${site.url}/papers/date/2026-01-10`)).text()
    assert.match(html, /Saturdays and Sundays/)
    assert.match(html, /href="\/papers\/date\/2026-01-05"/)
  })

  test('titles cannot inject, broken maths shows its source', async () => {
    const html = await (await fetch(`${site.url}/papers/2601.00002`)).text()
    assert.doesNotMatch(html, /<script>alert/)
    assert.match(html, /&lt;script&gt;alert/)
    assert.match(html, /\\frac\{1/)
  })

  test('a 30-card page is at most 15 kB gzip, all script at most 6 kB gzip', async () => {
    const html = await (await fetch(`${site.url}/papers/date/2026-01-05`)).text()
    assert.equal(html.match(/<li class="card">/g)?.length, 30)
    const size = gzipSync(html).length
    assert.ok(size <= 15_000, `${size} bytes`)
    const scripts = [...html.matchAll(/<script[^>]+src="([^"]+)"/g)].map((match) => match[1] as string)
    const bytes = await Promise.all(
      scripts.map(async (path) => gzipSync(await (await fetch(site.url + path)).text()).length),
    )
    assert.ok(bytes.reduce((a, b) => a + b, 0) <= 6_000, `${bytes} bytes`)
  })

  test('an imported day keeps the order it had elsewhere, and says whose upvotes those are', async () => {
    const html = await (await fetch(`${site.url}/papers/date/2026-01-05`)).text()
    const order = [...html.matchAll(/>Paper (\d+) of a usual day/g)].map((match) => Number(match[1]))
    assert.deepEqual(
      order,
      Array.from({ length: 30 }, (_, n) => n),
    )
    assert.match(html, /30 upvotes on Hugging Face/)
    assert.match(html, /aria-label="0 upvotes: upvote"/)
  })

  test('citations, previews and reference managers find what they need', async () => {
    const html = await (await fetch(`${site.url}/papers/2601.00001`)).text()
    for (const pattern of [
      /property="og:image"/,
      /name="citation_title"/,
      /name="citation_author" content="Author Number39"/,
      /name="citation_arxiv_id" content="2601.00001"/,
      /application\/ld\+json/,
    ])
      assert.match(html, pattern)
    assert.match(await (await fetch(`${site.url}/papers/2601.00001.bib`)).text(), /^@misc\{/)
    assert.match(await (await fetch(`${site.url}/papers/2601.00001.ris`)).text(), /^TY {2}- /)
    assert.equal((await (await fetch(`${site.url}/papers/2601.00001.csl.json`)).json())[0].author.length, 40)
    const picture = await fetch(`${site.url}/papers/2601.00001/card.png`)
    assert.equal(picture.headers.get('content-type'), 'image/png')
    assert.deepEqual([...new Uint8Array(await picture.arrayBuffer()).slice(1, 4)], [0x50, 0x4e, 0x47])
  })

  test('a form sent from another site is refused; GET of a form address changes nothing', async () => {
    const post = (headers: Record<string, string>) =>
      fetch(`${site.url}/subscribe`, {
        method: 'POST',
        body: new URLSearchParams({ email: 'ada@example.org' }),
        headers,
        redirect: 'manual',
      })
    assert.equal((await post({ 'sec-fetch-site': 'cross-site' })).status, 403)
    assert.equal((await post({ origin: 'https://evil.example' })).status, 403)
    assert.equal((await post({ origin: 'null' })).status, 403)
    assert.equal((await post({})).status, 303)
    assert.equal((await fetch(`${site.url}/subscribe/me`)).status, 405)
  })

  test('the appearance form leads back to a page of ours only', async () => {
    const back = async (referer: string) =>
      (
        await fetch(`${site.url}/appearance`, {
          method: 'POST',
          body: new URLSearchParams({ theme: 'dark' }),
          headers: { referer },
          redirect: 'manual',
        })
      ).headers.get('location')
    assert.equal(await back(`${site.url}/papers/trending?limit=5`), '/papers/trending?limit=5')
    assert.equal(await back('https://evil.example//evil.example/x'), '/evil.example/x')
    assert.equal(await back('nonsense'), '/')
  })
})

describe('pages in a browser', () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`axe finds nothing on any kind of page, ${colorScheme}`, async (t) => {
      const page = await openPage(t, { colorScheme, expectedErrors: /status of 40\d/ })
      if (!page) return
      for (const path of [
        ...pageKinds(),
        ...errorPages.map(([path]) => path).filter((path) => path !== '/subscribe/me'),
      ]) {
        await page.goto(site.url + path)
        await checkAccessibility(page)
      }
    })
  }

  for (const width of [360, 768, 1600]) {
    test(`nothing sticks out at ${width} pixels, and nothing moves while loading`, async (t) => {
      const page = await openPage(t, { viewport: { width, height: 800 } })
      if (!page) return
      await page.addInitScript(() => {
        const shifts: number[] = []
        Object.assign(globalThis, { shifts })
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) shifts.push((entry as unknown as { value: number }).value)
        }).observe({ type: 'layout-shift', buffered: true })
      })
      let isFirst = true
      for (const path of pageKinds()) {
        await page.goto(site.url + path)
        await page.evaluate(() => document.fonts.ready.then(() => new Promise((resolve) => setTimeout(resolve, 100))))
        const { scrollWidth, shifted }: { scrollWidth: number; shifted: number } = await page.evaluate(() => ({
          scrollWidth: document.documentElement.scrollWidth,
          shifted: (globalThis as unknown as { shifts: number[] }).shifts.reduce((a, b) => a + b, 0),
        }))
        assert.ok(scrollWidth <= width, `${path} is ${scrollWidth} wide`)
        assert.ok(shifted <= (isFirst ? FONT_SHIFT : 0), `${path} moved by ${shifted}`)
        isFirst = false
      }
    })
  }

  test('nothing is asked of any other host', async (t) => {
    const page = await openPage(t)
    if (!page) return
    const foreign: string[] = []
    page.on('request', (request) => {
      if (!request.url().startsWith(site.url) && !request.url().startsWith('data:')) foreign.push(request.url())
    })
    for (const path of pageKinds()) await page.goto(site.url + path, { waitUntil: 'networkidle' })
    assert.deepEqual(foreign, [])
  })

  test('without script: dates, opening a paper, the theme and the subscribe box all work', async (t) => {
    const page = await openPage(t, { javaScriptEnabled: false })
    if (!page) return
    await page.goto(site.url)
    await page.getByLabel('Go to the day of').fill('2026-01-05')
    await page.getByRole('button', { name: 'Go', exact: true }).click()
    assert.match(page.url(), /\/papers\/date\/2026-01-05$/)
    assert.equal(await page.locator('.card').count(), 30)
    await page
      .getByLabel('Search papers, or open one by its arXiv id or link')
      .fill('https://arxiv.org/abs/hep-th/9901001')
    await page.getByRole('button', { name: 'Search' }).click()
    assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), 'Strings before the web')
    await page.getByRole('button', { name: 'Dark theme' }).click()
    assert.match(page.url(), /hep-th/)
    assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark')
    await page.getByLabel('Get trending papers in your email inbox!').fill('ben@example.org')
    await page.getByRole('button', { name: 'Subscribe' }).click()
    assert.match(await page.getByRole('main').innerText(), /Mail is not set up on this site/)
  })

  test('j, k, Enter, / and ? do what the help says', async (t) => {
    const page = await openPage(t)
    if (!page) return
    await page.goto(`${site.url}/papers/date/2026-01-05`)
    const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '')
    await page.keyboard.press('j')
    assert.match(await focused(), /^Paper 0 /)
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    await page.keyboard.press('k')
    assert.match(await focused(), /^Paper 1 /)
    await page.keyboard.press('?')
    assert.ok(await page.getByRole('dialog', { name: 'Keys' }).isVisible())
    await checkAccessibility(page)
    await page.keyboard.press('Escape')
    await page.keyboard.press('/')
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('name')), 'q')
    await page.keyboard.type('j')
    assert.equal(await page.getByLabel('Search papers, or open one by its arXiv id or link').inputValue(), 'j')
    await page.goto(`${site.url}/papers/date/2026-01-05`)
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/papers\/2601\.10000$/)
  })

  test('the theme switches at once and stays for the next page', async (t) => {
    const page = await openPage(t, { colorScheme: 'light' })
    if (!page) return
    await page.goto(site.url)
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    const light = await background()
    const saved = page.waitForResponse(/appearance/)
    await page.getByRole('button', { name: 'Dark theme' }).click()
    assert.notEqual(await background(), light)
    await saved
    await page.goto(`${site.url}/about`)
    assert.notEqual(await background(), light)
    assert.equal(await page.getByRole('button', { name: 'Dark theme' }).getAttribute('aria-pressed'), 'true')
  })
})

function decoded(html: string): string {
  const named: Record<string, string> = { quot: '"', amp: '&', lt: '<', gt: '>' }
  return html
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replace(/&(quot|amp|lt|gt);/g, (_, name) => named[name] as string)
}
