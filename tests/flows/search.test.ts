import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { before, describe, test } from 'node:test'
import { packageFile } from '../../src/lib/assets.ts'
import { checkAccessibility, openPage } from '../browser.ts'
import { temporaryFolder } from '../databases.ts'
import { withPostgresDatabase } from '../postgres.ts'
import { environment, runProgram, type Site, searchReady, startSite } from '../program.ts'

// Search as people meet it: the built program with the starter and sixty papers of ours.
const papers = [
  ...Array.from({ length: 60 }, (_, n) => ({
    id: `2601.${10_000 + n}`,
    title: `Acoustics of rooms, part ${n}: echoes in $L^{${n}}$ spaces`,
    abstract: `Walls come first. The echo of room ${n} decays quickly when curtains hang in it. We thank the carpenter.`,
    authors: ['Ada Byron', n % 3 ? 'Ben Okri' : 'Geoffrey Chen'],
    categories: n % 2 ? ['cs.SD', 'eess.AS'] : ['math.AP'],
    date: `${2023 + (n % 3)}-0${(n % 9) + 1}-11`,
    ...(n % 10 ? {} : { github_repo: `https://github.com/example/room-${n}` }),
  })),
  {
    id: '2601.00002',
    title: 'Withdrawn <script>alert(1)</script> & broken $\\frac{1$ maths',
    abstract: 'It did not hold.',
    authors: ["Honest O'Person"],
    categories: ['cs.CL'],
  },
]
const lines = (records: object[]) => Buffer.from(records.map((one) => JSON.stringify(one)).join('\n'))

let site: Site
let folder: string

before(async (t) => {
  folder = temporaryFolder(t as never)
  const imported = await runProgram(['import', '-'], environment(folder), lines(papers))
  assert.equal(imported.code, 0, imported.stderr)
  site = await startSite(t as never, folder)
  await searchReady(site)
})

const search = (parameters: Record<string, string>) => `${site.url}/papers?${new URLSearchParams(parameters)}`
const page = async (q: string, more: Record<string, string> = {}) => {
  const answer = await fetch(search({ q, ...more }))
  assert.equal(answer.status, 200, q)
  return await answer.text()
}
const titles = (html: string) =>
  [...html.matchAll(/<li class="result"><h2 class="title"><a [^>]*href="([^"]+)"/g)].map((match) => match[1])

describe('search over HTTP', () => {
  test('a question finds papers, with words marked in the title and in the sentence that answers', async () => {
    const html = await page('echo decay in room 7')
    assert.equal(titles(html)[0], '/papers/2601.10007')
    assert.match(html, /The <mark>echo<\/mark> of <mark>room<\/mark> <mark>7<\/mark> <mark>decays<\/mark> quickly/)
    assert.match(html, /Why this result<\/summary>/)
    assert.match(html, /<meta name="robots" content="noindex"/)
  })

  test('an id or an address leads to the paper, and says when it is not stored', async () => {
    for (const [q, path] of [
      ['2601.10007', '/papers/2601.10007'],
      ['arXiv: 2601.10007v1', '/papers/2601.10007v1'],
      ['https://arxiv.org/pdf/2601.10007', '/papers/2601.10007'],
    ] as const)
      assert.equal(new URL((await fetch(search({ q }))).url).pathname, path)
    const unknown = await fetch(search({ q: '2601.99999' }))
    assert.equal(unknown.status, 404)
    assert.match(await unknown.text(), /not stored here/)
  })

  test('pages in every order joined are the whole list', async () => {
    for (const sort of ['relevance', 'newest', 'upvotes']) {
      const seen: (string | undefined)[] = []
      let next: string | undefined = `${search({ q: 'acoustics of rooms', sort })}&limit=25`
      for (let pages = 0; next && pages < 9; pages++) {
        const html: string = await (await fetch(next)).text()
        seen.push(...titles(html))
        const more: string | undefined = /<a rel="next" href="([^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&')
        next = more && `${site.url}${more}&limit=25`
      }
      assert.ok(seen.length >= 60, `${sort}: ${seen.length}`)
      assert.equal(new Set(seen).size, seen.length, sort)
    }
  })

  test('P50 · lists go on by key, as deep as they are', async () => {
    const html = await page('rooms', { sort: 'newest', limit: '59' })
    const more = /<a rel="next" href="([^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&')
    assert.ok(more)
    assert.doesNotMatch(more, /page=|offset=/)
    assert.ok(titles(await (await fetch(site.url + more)).text()).length >= 1)
  })

  test('a damaged place in a list leads back to its first page', async () => {
    const answer = await fetch(`${site.url}/papers?q=rooms+cat:cs.SD&sort=newest&after=%22%3Cx`)
    assert.equal(answer.status, 400)
    const link = /<a href="([^"]*)">The first page of this list/.exec(await answer.text())?.[1]
    assert.equal(link, '/papers?q=rooms+cat%3Acs.SD&amp;sort=newest')
  })

  test('a query that only narrows is not told that it holds none of the words', async () => {
    const html = await page('author:chen')
    assert.match(html, /It meets what you asked for; papers come by date/)
    assert.doesNotMatch(html, /none of your words/)
    const like = await (await fetch(`${site.url}/papers?like=2601.10007&q=cat:cs.SD`)).text()
    assert.match(like, /It meets what you asked for. Of its score of 100 in 100/)
    assert.doesNotMatch(like, /none of your words/)
  })

  test('P49 · no parameter is without a bound, robots stay away from the results, and a rate is set', async () => {
    for (const bad of [
      { q: 'rooms', limit: '101' },
      { q: 'rooms', sort: 'random' },
      { q: 'rooms', after: 'x' },
    ])
      assert.equal((await fetch(search(bad as never))).status, 400, JSON.stringify(bad))
    assert.match(await (await fetch(`${site.url}/robots.txt`)).text(), /Disallow: \/papers\?/)
    const many = `${search({})}${Array.from({ length: 500 }, (_, n) => `like=2601.${10_000 + n}`).join('&')}`
    assert.equal((await fetch(many)).status, 200)
  })

  test('facets narrow, and each part can be taken out again', async () => {
    const html = await page('rooms')
    assert.match(html, /href="\/papers\?q=rooms\+cat%3Acs.SD"[^>]*>.*?<small>30<\/small>/s)
    assert.match(html, /href="\/papers\?q=rooms\+date%3A2024"/)
    const narrowed = await page('rooms cat:cs.SD date:2024')
    assert.match(narrowed, /href="\/papers\?q=rooms\+date%3A2024"/)
    assert.match(narrowed, /10 papers with your words/)
  })

  test('the way to what narrows is offered where there is something to narrow by', async () => {
    for (const [q, isOffered] of [
      ['echo decay', true],
      // Papers of the starter: of one year, and without categories.
      ['why do deep networks generalize?', false],
    ] as const) {
      const html = await page(q)
      assert.ok(titles(html).length > 0, q)
      assert.deepEqual([html.includes('href="#narrow"'), html.includes('id="narrow"')], [isOffered, isOffered], q)
    }
  })

  test('a mistake is explained and searched as words; a misspelt word is put right; nothing found leads on', async () => {
    assert.match(await page('rooms date:2025-13'), /is no date/)
    assert.match(await page('acustics'), /Did you mean <a href="\/papers\?q=acoustics">/)
    const nothing = await page('rooms author:nobody')
    assert.match(nothing, /without author:nobody/)
    assert.match(nothing, /No paper stored here fits/)
  })

  test('odd queries are answered, and nothing typed becomes markup', async () => {
    for (const q of [
      '',
      '   ',
      '"',
      '-',
      '*',
      '\u0000\u0007',
      'שלום עולם',
      '🧪 👩‍🔬',
      `'; drop table paper; --`,
      '%_\\',
      '" onfocus="alert(1)',
      'a'.repeat(6_000),
      'rooms '.repeat(1_600),
    ]) {
      const html = await page(q)
      assert.doesNotMatch(html, / onfocus="/)
    }
    const html = await page('<script>alert(1)</script> withdrawn')
    assert.doesNotMatch(html, /<script>alert/)
    assert.doesNotMatch(site.output(), /a page failed/)
  })

  test('similar papers, of one and of several', async () => {
    const paper = await (await fetch(`${site.url}/papers/2601.10007`)).text()
    assert.match(paper, /<h2>Similar papers<\/h2>/)
    assert.match(paper, /href="\/papers\?like=2601.10007"/)
    const answer = await fetch(`${site.url}/papers?like=2601.10007&like=2601.10008&like=2601.99999`)
    const html = await answer.text()
    assert.match(html, /<h1>Similar to these papers<\/h1>/)
    assert.match(html, /Not stored here: 2601.99999/)
    assert.match(html, /Without Acoustics of rooms, part 7: echoes in L⁷ spaces/)
    assert.doesNotMatch(html, /\$L\^/)
    assert.ok(titles(html).length >= 10)
    assert.ok(!titles(html).includes('/papers/2601.10007'))
  })

  test('suggestions are JSON', async () => {
    const ask = async (q: string) => {
      const answer = await fetch(`${site.url}/papers/suggest?${new URLSearchParams({ q })}`)
      assert.match(answer.headers.get('content-type') ?? '', /application\/json/)
      return (await answer.json()) as { kind: string; text: string; path: string }[]
    }
    assert.ok((await ask('geoff')).some(({ kind, text }) => kind === 'author' && text === 'Geoffrey Chen'))
  })

  test('health and status tell of the index', async () => {
    const { search } = (await (await fetch(`${site.url}/healthz`)).json()) as { search: Record<string, unknown> }
    assert.equal(search.state, 'ready')
    assert.ok((search.documents as number) >= 136)
    assert.match(await (await fetch(`${site.url}/status`)).text(), /ready: 1\d\d papers can be found/)
  })

  test('each starter title finds its paper first', async () => {
    const starter = readFileSync(packageFile('data/starter.jsonl'), 'utf8').trim().split('\n')
    for (const line of starter) {
      const { title } = JSON.parse(line) as { title: string }
      const first = /<h2 class="title"><a [^>]*>(.*?)<\/a>/.exec(await page(title))?.[1] ?? ''
      const plain = (text: string) => text.replace(/<[^>]+>|&#\d+;|&\w+;|[^\p{L}\p{N}]/gu, '').toLowerCase()
      assert.equal(plain(first), plain(title))
    }
  })

  test('an import beside the running site can be found soon after', async () => {
    const imported = await runProgram(
      ['import', '--alongside', '-'],
      environment(folder),
      lines([{ id: '2602.00001', title: 'Zymurgy of quokkas', abstract: 'A new paper.', authors: ['Eve Quokka'] }]),
    )
    assert.equal(imported.code, 0, imported.stderr)
    const stored = performance.now()
    while (titles(await page('zymurgy'))[0] !== '/papers/2602.00001')
      assert.ok(performance.now() - stored < 20_000, 'not found within twenty seconds')
  })
})

test('the site is searched on PostgreSQL just the same', async (t) => {
  const url = await withPostgresDatabase(t)
  if (!url) return
  const other = await startSite(t, temporaryFolder(t), { DATABASE_URL: url })
  await searchReady(other, 75)
  const html = await (await fetch(`${other.url}/papers?q=local+generalization`)).text()
  assert.ok(titles(html).length >= 10)
  assert.equal(await other.stop(), 0)
})

const pages = () => [
  '/papers?q=',
  '/papers?q=echo+of+rooms',
  '/papers?q=rooms+cat:cs.SD+date:2025-13',
  '/papers?q=rooms+author:nobody',
  '/papers?like=2601.10007&like=2601.10008',
  '/papers/2601.10007',
]

describe('search in a browser', () => {
  for (const colorScheme of ['light', 'dark'] as const)
    test(`axe finds nothing, ${colorScheme}; nothing sticks out at 360 pixels`, async (t) => {
      const view = await openPage(t, { colorScheme, viewport: { width: 360, height: 800 } })
      if (!view) return
      for (const path of pages()) {
        await view.goto(site.url + path)
        for (const details of await view.locator('details').all())
          await details.evaluate((one) => one.setAttribute('open', ''))
        await checkAccessibility(view)
        assert.ok((await view.evaluate(() => document.documentElement.scrollWidth)) <= 360, path)
      }
    })

  test('without script: search from the header, narrow, read why, go on', async (t) => {
    const view = await openPage(t, { javaScriptEnabled: false })
    if (!view) return
    await view.goto(site.url)
    await view.getByLabel('Search papers, or open one').fill('echo of rooms')
    await view.getByRole('banner').getByRole('button', { name: 'Search' }).click()
    assert.ok((await view.locator('.result').count()) >= 10)
    await view.getByText('Why this result').first().click()
    assert.ok(
      await view
        .getByText(/It holds .*echo/)
        .first()
        .isVisible(),
    )
    await view
      .getByRole('complementary', { name: 'Narrow' })
      .getByRole('link', { name: /cs\.SD/ })
      .click()
    assert.equal(await view.getByLabel('What to look for').inputValue(), 'echo of rooms cat:cs.SD')
    await view.getByRole('link', { name: 'Newest' }).click()
    assert.match(view.url(), /sort=newest/)
    await view.getByRole('link', { name: 'More papers' }).click()
    assert.ok((await view.locator('.result').count()) >= 5)
    await view.getByRole('link', { name: /Without cat:cs.SD/ }).click()
    assert.equal(await view.getByLabel('What to look for').inputValue(), 'echo of rooms')
  })

  test('suggestions by keyboard: arrows choose, Enter opens, Escape closes, Enter without a choice searches', async (t) => {
    const view = await openPage(t)
    if (!view) return
    await view.goto(site.url)
    const field = view.getByRole('combobox', { name: 'Search papers' })
    await field.pressSequentially('acoustics of')
    const list = view.getByRole('listbox', { name: 'Suggestions' })
    await list.getByRole('option').first().waitFor()
    assert.equal(await field.getAttribute('aria-expanded'), 'true')
    await checkAccessibility(view)
    await field.press('ArrowDown')
    const chosen = await field.getAttribute('aria-activedescendant')
    assert.equal(await view.locator(`#${chosen}`).getAttribute('aria-selected'), 'true')
    await field.press('Escape')
    assert.equal(await list.isVisible(), false)
    assert.equal(await field.getAttribute('aria-activedescendant'), null)
    await field.pressSequentially(' ro')
    await list.getByRole('option').first().waitFor()
    await field.press('Enter')
    await view.waitForURL(/\/papers\?q=acoustics/)
    await view.goto(site.url)
    await view.getByRole('combobox', { name: 'Search papers' }).pressSequentially('geoff')
    await view.getByRole('option', { name: /Geoffrey Chen/ }).click()
    await view.waitForURL(/\/authors\/geoffrey-chen$/)
  })
})
