import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { openSqlite } from '../../src/db/index.ts'
import { packageFile } from '../../src/lib/assets.ts'
import { addDays, currentAnnouncementDay } from '../../src/papers/index.ts'
import { temporaryFolder } from '../databases.ts'
import { announcementsOf, followed, makePlan, plannedEditions } from '../fake-arxiv/plan.ts'
import { type Faults, startFakeArxiv } from '../fake-arxiv/server.ts'
import { environment, runProgram, startSite } from '../program.ts'

const today = currentAnnouncementDay(new Date())
/** A starter paper without id, as arXiv has it. */
const starterTitle = (
  readFileSync(packageFile('data/starter.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line)) as { title: string; arxivId?: string }[]
).find(({ arxivId }) => !arxivId)!.title

function planOfLastDays() {
  const plan = makePlan({ first: addDays(today, -6), last: today, perDay: 12 })
  const [paper] = plan.papers.filter(({ categories }) => categories[0] === 'math.CO')
  paper!.versions.splice(1)
  paper!.versions[0]!.title = starterTitle
  return plan
}

async function arxivNow(t: TestContext, faults?: Faults) {
  const plan = planOfLastDays()
  const server = await startFakeArxiv(t, plan, { clock: () => new Date(), ...(faults ? { faults } : {}) })
  const env = { PAPERROUND_GATHER: 'true', PAPERROUND_ARXIV_URL: server.url, PAPERROUND_ARXIV_PAUSE: '0' }
  return { plan, server, env }
}

async function eventually<T>(what: () => Promise<T | undefined | false>): Promise<T> {
  for (const deadline = performance.now() + 20_000; performance.now() < deadline; await sleep(100)) {
    const result = await what()
    if (result) return result
  }
  assert.fail(`not within 20 s: ${what}`)
}

test('a fresh start gathers today by itself: its edition is the front page, the starter goes to an earlier day', async (t) => {
  const { plan, env } = await arxivNow(t)
  const folder = temporaryFolder(t)
  const site = await startSite(t, folder, env)
  const text = async (path: string) => (await fetch(site.url + path)).text()
  const ofToday = [...plannedEditions(plan)].filter(([, day]) => day === today).map(([id]) => id)
  assert.ok(ofToday.length > 3)
  await eventually(async () => {
    const html = await text(`/papers/date/${today}`)
    return ofToday.every((id) => html.includes(id)) && html.includes('</html>')
  })
  const front = await text('/')
  assert.ok(
    ofToday.some((id) => front.includes(id)),
    'today is the front page',
  )
  assert.doesNotMatch(front, new RegExp(starterTitle.slice(0, 30)))

  // Full records follow at once, and the abstracts of the starter papers, where arXiv has them.
  const db = openSqlite(join(folder, 'paperround.sqlite'))
  t.after(() => db.destroy())
  await eventually(async () => {
    const starter = await db
      .selectFrom('paper')
      .innerJoin('edition_entry', 'edition_entry.paper_id', 'paper.id')
      .selectAll()
      .where('title', '=', starterTitle)
      .executeTakeFirst()
    const stub = await db
      .selectFrom('paper')
      .select('id')
      .where('base_id', 'in', ofToday)
      .where('submitted_at', 'is', null)
      .executeTakeFirst()
    return !stub && starter?.abstract && starter.summary && starter.source === 'arxiv' && starter.day < today
  })
  assert.equal(await site.stop(), 0)
})

test('without a network the starter stays, the start is not slowed, and stopping is at once', async (t) => {
  const startedAt = performance.now()
  const env = { PAPERROUND_GATHER: 'true', PAPERROUND_ARXIV_URL: 'http://127.0.0.1:9' }
  const site = await startSite(t, temporaryFolder(t), env)
  const html = await (await fetch(site.url)).text()
  assert.equal(html.match(/<li class="card/g)?.length, 75)
  assert.ok(performance.now() - startedAt < 10_000)
  await sleep(500)
  const stopping = performance.now()
  assert.equal(await site.stop(), 0)
  assert.ok(performance.now() - stopping < 4_000)
})

test('paperround gather: the day, a past day, an old day, all of arXiv; again changes nothing', async (t) => {
  const { plan, env, server } = await arxivNow(t)
  const folder = temporaryFolder(t)
  const more = environment(folder, { ...env, PAPERROUND_STARTER: 'false' })
  const gather = (...args: string[]) => runProgram(['gather', ...args], more)
  const first = await gather()
  assert.equal(first.code, 0, first.stdout + first.stderr)
  for (const subject of followed) assert.match(first.stdout, new RegExp(`${subject} ${today}: \\d+ papers`))
  assert.match(first.stdout, /changes: [\d,]+ records read/)
  const again = await gather()
  assert.match(again.stdout, /everything followed is here already/)

  const before = plan.labels.at(-2)!.day
  const past = await gather('--day', before, '--category', 'cs.CR')
  assert.equal(past.code, 0, past.stdout)
  const count = announcementsOf(plan, 'cs.CR', before).filter(({ kind }) => kind === 'new' || kind === 'cross').length
  assert.match(past.stdout, new RegExp(`cs.CR ${before}: ${count} papers`))

  const all = await gather('--all')
  assert.equal(all.code, 0, all.stdout)
  assert.match(all.stdout, /all of arXiv: [\d,]+ records read/)
  assert.ok(
    server.requests.some(({ path }) => path.includes('resumptionToken=verb%253DListRecords')),
    'encoded once',
  )

  for (const [args, words] of [
    [['--day', '2026-3-2'], /written like 2026-03-02/],
    [['--category', 'cs.NOPE'], /no category cs\.NOPE/],
    [['--day', addDays(today, 8)], /not announced/],
  ] as const) {
    const { code, stderr } = await gather(...args)
    assert.notEqual(code, 0)
    assert.match(stderr, words)
  }
})
