import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onEverySite, type TestSite } from '../../../tests/open-site.ts'
import { fivePapers } from '../../../tests/papers.ts'
import { ada, ben, seedPeople } from '../../../tests/people.ts'
import { listPapers } from '../../feed/index.ts'
import { upsertPapers } from '../../papers/index.ts'
import { changeSettings } from '../../people/index.ts'

const day = '2026-01-05'

async function seed({ context: { db, clock } }: TestSite): Promise<void> {
  await seedPeople(db)
  const outcomes = await upsertPapers(db, fivePapers, clock())
  await listPapers(
    db,
    outcomes.map(({ paperId }) => ({ paperId, day })),
    'gathered',
    clock(),
  )
}
const buttonOf = (html: string, id: string) =>
  new RegExp(`<button class="vote"[^>]*value="${id}"[^>]*>`).exec(html)?.[0] ?? ''

onEverySite('upvotes', (open) => {
  test('a form votes and comes back to the paper’s place; the second press takes the vote back', async (t) => {
    const site = await open(t)
    if (!site) return
    await seed(site)
    const as = await site.signIn(ada)
    const before = await (await site.ask(`/papers/date/${day}`, { as })).text()
    assert.match(buttonOf(before, '2601.00001'), /name="paper".*aria-pressed="false".*aria-label="0 upvotes: upvote"/)
    const voted = await site.send('/papers/upvote', { paper: '2601.00001' }, as)
    assert.equal(voted.status, 303)
    assert.equal(voted.headers.get('location'), '/#p-2601.00001')
    const after = await (await site.ask(`/papers/date/${day}`, { as })).text()
    assert.match(buttonOf(after, '2601.00001'), /name="withdraw".*aria-pressed="true".*aria-label="1 upvote: upvote"/)
    const forBen = await (await site.ask(`/papers/date/${day}`, { as: await site.signIn(ben) })).text()
    assert.match(buttonOf(forBen, '2601.00001'), /aria-pressed="false".*aria-label="1 upvote: upvote"/)
    await site.send('/papers/upvote', { withdraw: '2601.00001' }, as)
    assert.match(await (await site.ask(`/papers/date/${day}`)).text(), /aria-label="0 upvotes: upvote"/)
  })

  test('ids with slashes work, and the island gets the new count', async (t) => {
    const site = await open(t)
    if (!site) return
    await seed(site)
    const as = await site.signIn(ada)
    const html = await (await site.ask(`/papers/date/${day}`, { as })).text()
    const csrf = /name="csrf" value="([^"]+)"/.exec(html)?.[1] as string
    const answer = await site.ask('/papers/upvote', {
      as,
      method: 'POST',
      body: new URLSearchParams({ paper: 'hep-th/9901001', csrf }),
      headers: { accept: 'application/json', 'sec-fetch-site': 'same-origin' },
    })
    assert.deepEqual(await answer.json(), { upvotes: 1, voted: true, counts: true })
  })

  test('what cannot be voted for is told with its reason, as a page or as JSON', async (t) => {
    const site = await open(t)
    if (!site) return
    await seed(site)
    const as = await site.signIn(ada)
    assert.equal((await site.send('/papers/upvote', { paper: '2601.99999' }, as)).status, 404)
    assert.equal((await site.send('/papers/upvote', { paper: 'hello' }, as)).status, 400)
    assert.equal((await site.send('/papers/upvote', { paper: '2601.00001' })).status, 401)
    const json = { method: 'POST', headers: { accept: 'application/json' } }
    const nobody = await site.ask('/papers/upvote', { ...json, body: new URLSearchParams({ paper: '2601.00001' }) })
    assert.equal(nobody.status, 401)
    assert.equal(((await nobody.json()) as { code: string }).code, 'not_signed_in')
    const forged = await site.ask('/papers/upvote', { ...json, as, body: new URLSearchParams({ paper: '2601.00001' }) })
    assert.equal(forged.status, 403)
    assert.equal((await site.ask('/papers/upvote', { as })).status, 400)
    const votes = await site.context.db.selectFrom('vote').selectAll().execute()
    assert.deepEqual(votes, [])
  })

  test('for nobody signed in, the button leads to the way in and back', async (t) => {
    const site = await open(t)
    if (!site) return
    await seed(site)
    const html = await (await site.ask(`/papers/date/${day}?limit=5`)).text()
    assert.match(html, /<form id="votes" action="\/sign-in" method="get" hidden/)
    assert.match(html, /name="back" value="\/papers\/date\/2026-01-05\?limit=5"/)
  })

  test('P56: one account cannot vote without end, and is told when it may again', async (t) => {
    const site = await open(t)
    if (!site) return
    await seed(site)
    const as = await site.signIn(ada)
    const statuses = new Map<number, number>()
    let last: Response | undefined
    for (let count = 0; count < 610; count++) {
      last = await site.ask('/papers/upvote', { as, method: 'POST', headers: { 'x-csrf-token': 'wrong' } })
      statuses.set(last.status, (statuses.get(last.status) ?? 0) + 1)
    }
    assert.equal(statuses.get(429), 10)
    assert.match(last?.headers.get('retry-after') ?? '', /^\d+$/)
    assert.equal((await site.send('/papers/upvote', { paper: '2601.00001' }, await site.signIn(ben))).status, 303)
  })

  test('the name and the editor an administrator sets are on the next page', async (t) => {
    const site = await open(t, { PAPERROUND_EDITOR: 'AK' })
    if (!site) return
    await seed(site)
    assert.match(await (await site.ask('/')).text(), /by AK and the research community/)
    const { db, clock } = site.context
    await changeSettings(db, { name: 'Lab Papers', editor: 'Ada' }, { actorId: ada, at: clock() })
    const html = await (await site.ask('/')).text()
    assert.match(html, /<span>Lab Papers<\/span>/)
    assert.match(html, /by Ada and the research community/)
    assert.match(await (await site.ask('/nothing')).text(), /Lab Papers/)
  })
})
