import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setImmediate as breathe } from 'node:timers/promises'
import { addDays, currentAnnouncementDay } from '../../src/papers/index.ts'
import { makePlan } from '../fake-arxiv/plan.ts'
import { type Faults, startFakeArxiv } from '../fake-arxiv/server.ts'
import { type OpenTestSite, onEverySite } from '../open-site.ts'
import { ada as person, seedPeople } from '../people.ts'

const today = currentAnnouncementDay(new Date())
const plan = makePlan({ first: addDays(today, -4), last: today, perDay: 6 })
const paper = plan.papers.at(-1)!
const { id } = paper

async function siteOn(t: TestContext, open: OpenTestSite, faults?: Faults) {
  const arxiv = await startFakeArxiv(t, plan, { clock: () => new Date(), ...(faults ? { faults } : {}) })
  const site = await open(t, {
    PAPERROUND_GATHER: 'true',
    PAPERROUND_ARXIV_URL: arxiv.url,
    PAPERROUND_ARXIV_PAUSE: '0',
  })
  if (!site) return undefined
  await seedPeople(site.context.db)
  const ada = await site.signIn(person)
  const find = (text: string) => site.send('/papers/submit/find', { id: text }, ada)
  const page = async (path: string) => (await site.ask(path, { as: ada })).text()
  return { site, arxiv, ada, find, page }
}

onEverySite('submitting a paper of arXiv that is not stored', (open) => {
  test('asked for by GET it is not looked for; by the button it is, and shown before anything is submitted', async (t) => {
    const at = await siteOn(t, open)
    if (!at) return
    const { site, arxiv, find, page, ada } = at
    const first = await page(`/papers/submit?id=${id}`)
    assert.match(first, /Not stored here yet[\s\S]*Look for it at arXiv/)
    assert.deepEqual(arxiv.requests, [], 'GET asks nobody')
    const found = await find(`https://alphaxiv.org/abs/${id}v1`)
    assert.equal(found.headers.get('location'), `/papers/submit?id=${id}`)
    const preview = await page(`/papers/submit?id=${id}`)
    assert.match(preview, /Goes into the edition of/)
    assert.match(preview, /Paper \d of/)
    const entries = () => site.context.db.selectFrom('edition_entry').selectAll().execute()
    assert.deepEqual(await entries(), [], 'and listed only when it is submitted')
    const submitted = await site.send('/papers/submit', { id }, ada)
    assert.equal(submitted.headers.get('location'), `/papers/${id}?submitted=list`)
    assert.equal((await entries()).length, 1)
  })

  test('submitted without a look it is fetched and listed at once; what arXiv does not have is said', async (t) => {
    const at = await siteOn(t, open)
    if (!at) return
    const { site, ada, find } = at
    assert.equal(
      (await site.send('/papers/submit', { id }, ada)).headers.get('location'),
      `/papers/${id}?submitted=list`,
    )
    const unknown = await find('2401.99999')
    assert.equal(unknown.status, 404)
    assert.match(await unknown.text(), /arXiv has no paper 2401\.99999/)
    assert.equal((await find('nonsense')).status, 400)
  })

  test('a slow arXiv holds up nobody else', async (t) => {
    const answers = Promise.withResolvers<void>()
    const at = await siteOn(t, open, () => ({ kind: 'hold', until: answers.promise }))
    if (!at) return
    const { find, page, arxiv } = at
    const looking = find(id)
    for (; arxiv.requests.length === 0; await breathe()) assert.match(await page('/'), /<h1/)
    for (let asked = 0; asked < 5; asked++) assert.match(await page('/'), /<h1/)
    assert.match(await page(`/papers/submit?id=${id}`), /Not stored here yet/)
    answers.resolve()
    assert.equal((await looking).headers.get('location'), `/papers/submit?id=${id}`)
  })

  test('with arXiv down it waits: the page says so, submitting keeps it, and a job asks for it soon', async (t) => {
    const at = await siteOn(t, open, () => ({ kind: 'hang-up' }))
    if (!at) return
    const { site, find, page, ada } = at
    const looked = await find(id)
    assert.equal(looked.headers.get('location'), `/papers/submit?id=${id}&late=1`)
    assert.match(
      await page(`/papers/submit?id=${id}&late=1`),
      /arXiv has not sent it yet, and is asked again by itself/,
    )
    assert.equal(
      (await site.send('/papers/submit', { id }, ada)).headers.get('location'),
      `/papers/submit?queued=${id}`,
    )
    const { db } = site.context
    const job = await db.selectFrom('job').select('kind').where('kind', '=', 'fill-arxiv-records').execute()
    assert.equal(job.length, 1)
    const wanted = await db.selectFrom('arxiv_wanted').select(['base_id', 'reason']).execute()
    assert.deepEqual(
      wanted.map(({ base_id, reason }) => [base_id, reason]),
      [[id, 'submitted']],
    )
  })
})
