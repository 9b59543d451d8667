import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onEverySite, type TestSite } from '../../../tests/open-site.ts'
import { arxiv, fivePapers, record } from '../../../tests/papers.ts'
import { ada, ben, chen, seedPeople } from '../../../tests/people.ts'
import { castVote } from '../../discussion/index.ts'
import { hotness, listPapers } from '../../feed/index.ts'
import { currentAnnouncementDay, upsertPapers } from '../../papers/index.ts'

type Seeded = { admin: string; editor: string; reader: string; today: string }

/** Ada runs the site, Ben edits, Chen reads; five old papers of an old day, and one of today. */
async function seed(site: TestSite): Promise<Seeded> {
  const { db, clock } = site.context
  await seedPeople(db)
  await db.updateTable('person').set({ role: 'admin' }).where('id', '=', ada).execute()
  await db.updateTable('person').set({ role: 'editor' }).where('id', '=', ben).execute()
  const outcomes = await upsertPapers(db, fivePapers, clock())
  await listPapers(
    db,
    outcomes.map(({ paperId }) => ({ paperId, day: '2026-01-05' })),
    'gathered',
    clock(),
  )
  const today = currentAnnouncementDay(clock())
  await upsertPapers(
    db,
    [record({ identifiers: [arxiv('2611.00001')], title: 'News of today', announcedOn: today })],
    clock(),
  )
  return { admin: await site.signIn(ada), editor: await site.signIn(ben), reader: await site.signIn(chen), today }
}
const html = async (site: TestSite, path: string, as?: string) => (await site.ask(path, { as })).text()
const undo = async (site: TestSite, as: string) => {
  const id = /name="action" value="(\d+)"/.exec(await html(site, '/admin/log', as))?.[1]
  return site.send('/admin/log/undo', { action: String(id) }, as)
}

onEverySite('administration', (open) => {
  test('settings: changed, logged, undone; a wrong one changes nothing and keeps what was typed', async (t) => {
    const site = await open(t)
    if (!site) return
    const { admin, editor } = await seed(site)
    const form = {
      name: 'Lab Papers',
      editor: 'the editors',
      submitWho: 'editors',
      submitMaxAgeDays: '14',
      submitPerDay: '5',
      submitWeekends: 'open',
    }
    const refused = await site.send('/admin/settings', { ...form, submitPerDay: 'many' }, admin)
    assert.equal(refused.status, 400)
    assert.match(await refused.text(), /Submissions per person and day: expected a whole number[\s\S]*value="many"/)
    assert.match(await html(site, '/'), /Daily Papers/)
    assert.equal(
      (await site.send('/admin/settings', form, admin)).headers.get('location'),
      '/admin/settings?done=saved',
    )
    assert.match(await html(site, '/'), /<span>Lab Papers<\/span>/)
    assert.match(await html(site, '/papers/submit'), /Only editors may submit papers here/)
    const again = await site.send('/admin/settings', form, admin)
    assert.equal(again.headers.get('location'), '/admin/settings?done=unchanged')
    const log = await html(site, '/admin/log', admin)
    assert.match(log, /Set <b>Name of the site<\/b> to “Lab Papers”, from the default/)
    assert.match(log, /by Ada Byron/)
    assert.equal((log.match(/<li id="action-/g) ?? []).length, 2, 'what was not changed is not in the log')
    await undo(site, admin)
    await undo(site, admin)
    assert.equal((await site.send('/admin/settings', { ...form, name: 'Mine' }, editor)).status, 403)
    const id = await site.context.db
      .selectFrom('admin_action')
      .select('id')
      .where('subject', '=', 'setting:name')
      .executeTakeFirstOrThrow()
    assert.equal((await site.send('/admin/log/undo', { action: String(id.id) }, editor)).status, 403)
  })

  test('roles: an editor is made and unmade; the last administrator stays; undo gives the role back', async (t) => {
    const site = await open(t)
    if (!site) return
    const { admin, reader } = await seed(site)
    assert.match(await html(site, '/admin/people?q=chen', admin), /Chen Wei/)
    assert.doesNotMatch(await html(site, '/admin/people?q=chen', admin), /Ben Okri/)
    assert.equal((await site.ask('/admin', { as: reader })).status, 403)
    await site.send('/admin/people/chen', { change: 'role', role: 'editor' }, admin)
    assert.equal((await site.ask('/admin', { as: reader })).status, 200, 'holds at once')
    await undo(site, admin)
    assert.equal((await site.ask('/admin', { as: reader })).status, 403)
    const last = await site.send('/admin/people/ada', { change: 'role', role: 'reader' }, admin)
    assert.equal(last.status, 409)
    assert.match(await last.text(), /Ada Byron is the only administrator/)
    assert.equal((await site.send('/admin/people/chen', { change: 'role', role: 'king' }, admin)).status, 400)
    assert.equal((await site.send('/admin/people/nobody', { change: 'role', role: 'editor' }, admin)).status, 404)
  })

  test('suspending shuts somebody out at once, and undoing lets them in again', async (t) => {
    const site = await open(t)
    if (!site) return
    const { admin, reader } = await seed(site)
    const vote = () => site.send('/papers/upvote', { paper: '2601.00001' }, reader)
    assert.equal((await vote()).status, 303)
    await site.send('/admin/people/chen', { change: 'suspend', reason: 'spam' }, admin)
    assert.equal((await vote()).status, 401)
    assert.match(await html(site, '/admin/log', admin), /Suspended <b>Chen Wei<\/b>[\s\S]*“spam”/)
    await undo(site, admin)
    assert.equal((await vote()).status, 303)
  })

  test('P56: a ring is shown to editors, excluded with a reason, and let in again by undoing', async (t) => {
    const site = await open(t)
    if (!site) return
    const { editor } = await seed(site)
    const { db, clock } = site.context
    const { id } = await db
      .selectFrom('paper')
      .select('id')
      .where('base_id', '=', '2601.00001')
      .executeTakeFirstOrThrow()
    for (const personId of [ada, ben, chen])
      await castVote(db, { paperId: id as never, personId, at: clock(), network: 'n1' }, 'up', hotness)
    const page = await html(site, '/admin/votes', editor)
    assert.match(page, /3 accounts, one paper/)
    assert.equal((await site.send('/admin/votes', { reason: 'x', wanted: 'excluded' }, editor)).status, 400)
    await site.send('/admin/votes', { person: chen, reason: 'made up', wanted: 'excluded' }, editor)
    const count = async () => /aria-label="(\d+) upvotes?: upvote"/.exec(await html(site, '/papers/2601.00001'))?.[1]
    assert.equal(await count(), '2')
    assert.doesNotMatch(await html(site, '/papers/2601.00001'), /Chen Wei/)
    await undo(site, editor)
    assert.equal(await count(), '3')
    await site.send(
      '/admin/votes',
      { person: ben, paper: String(id), reason: 'asked for it', wanted: 'excluded' },
      editor,
    )
    assert.equal(await count(), '2')
    assert.match(await html(site, '/admin/votes', editor), /one vote, since/)
    const again = { person: ben, paper: String(id), reason: 'let in again', wanted: 'counted' }
    await site.send('/admin/votes', again, editor)
    assert.equal(await count(), '3')
    const odd = await site.send('/admin/votes', { ...again, paper: 'x' }, editor)
    assert.equal(odd.status, 400)
  })

  test('submit, pick, place, remove and each undone, by forms alone', async (t) => {
    const site = await open(t)
    if (!site) return
    const { editor, reader, today } = await seed(site)
    const preview = await html(site, '/papers/submit?id=https://arxiv.org/abs/2611.00001v1', reader)
    assert.match(preview, /News of today/)
    assert.match(preview, /Goes into the edition of/)
    const sent = await site.send('/papers/submit', { id: '2611.00001', comment: 'Look <b>here</b>' }, reader)
    assert.equal(sent.headers.get('location'), '/papers/2611.00001?submitted=list')
    assert.match(
      await html(site, '/papers/2611.00001?submitted=list'),
      /in today’s edition[\s\S]*Look &lt;b&gt;here&lt;\/b&gt;/,
    )
    assert.match(await html(site, `/papers/date/${today}`), /submitted by Chen Wei/)
    const again = await site.send('/papers/submit', { id: 'doi:10.48550/arXiv.2611.00001' }, editor)
    assert.equal(again.headers.get('location'), '/papers/2611.00001?submitted=listed_before', 'P30')

    assert.equal((await site.send('/papers/pick', { paper: '2611.00001', wanted: 'picked' }, reader)).status, 403)
    await site.send('/papers/pick', { paper: '2611.00001', wanted: 'picked' }, editor)
    assert.match(await html(site, `/papers/date/${today}`), /Pick of the editors/)
    await undo(site, editor)
    assert.doesNotMatch(await html(site, `/papers/date/${today}`), /Pick of the editors/)

    await site.send('/papers/unlist', { paper: '2611.00001', reason: 'off topic' }, editor)
    assert.doesNotMatch(await html(site, `/papers/date/${today}`), /News of today/)
    assert.match(
      await html(site, '/papers/submit?id=2611.00001', reader),
      /took this paper out of its edition \(off topic\)/,
    )
    await undo(site, editor)
    assert.match(await html(site, `/papers/date/${today}`), /News of today/)
    await site.send('/papers/place', { paper: '2601.00001', day: today }, editor)
    assert.match(await html(site, `/papers/date/${today}`), /Attention in small rooms/)
    assert.equal((await site.send('/papers/place', { paper: '2601.00001', day: '2020-01-01' }, editor)).status, 400)
    await undo(site, editor)
    assert.match(await html(site, '/papers/date/2026-01-05'), /Attention in small rooms/)
  })

  test('what was changed again since cannot be undone out of order, and nothing twice', async (t) => {
    const site = await open(t)
    if (!site) return
    const { admin } = await seed(site)
    for (const editorName of ['Ada', 'Ben']) await site.send('/admin/settings', { editor: editorName }, admin)
    const ids = (await site.context.db.selectFrom('admin_action').select('id').orderBy('id').execute()).map((row) =>
      String(row.id),
    )
    const first = await site.send('/admin/log/undo', { action: ids[0] as string }, admin)
    assert.equal(first.status, 409)
    assert.match(await first.text(), /changed again since/)
    assert.equal((await site.send('/admin/log/undo', { action: ids[1] as string }, admin)).status, 303)
    assert.equal((await site.send('/admin/log/undo', { action: ids[1] as string }, admin)).status, 409)
    assert.equal((await site.send('/admin/log/undo', { action: '999999' }, admin)).status, 404)
  })

  test('a submission that is refused says why, in the page and without losing the comment', async (t) => {
    const site = await open(t)
    if (!site) return
    const { reader } = await seed(site)
    await upsertPapers(
      site.context.db,
      [record({ identifiers: [arxiv('2401.00001')], title: 'Old', announcedOn: '2024-01-02' })],
      new Date(),
    )
    const answer = await site.send('/papers/submit', { id: '2401.00001', comment: 'Still good' }, reader)
    assert.equal(answer.status, 403)
    assert.match(await answer.text(), /2 January 2024, \d+ days old; papers up to 14 days/)
    assert.equal((await site.send('/papers/submit', { id: 'http://169.254.169.254/' }, reader)).status, 400)
    assert.equal(
      (await site.send('/papers/submit', { id: '2401.00001', comment: 'x'.repeat(1001) }, reader)).status,
      400,
    )
    const nobody = await html(site, '/papers/submit?id=2401.00001')
    assert.match(nobody, /The rules here/)
    assert.match(nobody, /Sign in to submit a paper/)
  })

  test('P14: somebody claims a paper, an editor confirms, and with "authors" only they may submit', async (t) => {
    const site = await open(t)
    if (!site) return
    const { admin, editor, reader } = await seed(site)
    await site.send('/admin/settings', { submitWho: 'authors' }, admin)
    assert.equal((await site.send('/papers/submit', { id: '2611.00001' }, reader)).status, 403)
    await site.send('/papers/claim', { paper: '2601.00001' }, reader)
    const claim = /name="claim" value="([^"]+)"/.exec(await html(site, '/admin/claims', editor))?.[1] as string
    await site.send('/admin/claims', { claim, state: 'confirmed' }, editor)
    assert.match(await html(site, '/papers/2601.00001'), /Confirmed author here: Chen Wei/)
    assert.equal((await site.send('/papers/submit', { id: '2611.00001' }, reader)).status, 303)
    await undo(site, editor)
    assert.doesNotMatch(await html(site, '/papers/2601.00001'), /Confirmed author/)
  })

  test('jobs are listed with what they do; one is started by hand and the log says by whom', async (t) => {
    const site = await open(t)
    if (!site) return
    const { admin } = await seed(site)
    const { db, clock } = site.context
    const { enqueueJob } = await import('../../db/index.ts')
    await enqueueJob(
      db,
      { kind: 'close-editions', key: 'close-editions', runAfter: new Date(clock().getTime() + 3_600_000) },
      clock(),
    )
    assert.match(await html(site, '/admin/jobs', admin), /gives the badges[\s\S]*Never done yet/)
    assert.equal((await site.send('/admin/jobs', { job: 'close-editions' }, admin)).status, 303)
    assert.equal((await site.send('/admin/jobs', { job: 'rm-rf' }, admin)).status, 404)
    assert.match(await html(site, '/admin/log', admin), /Started the job <b>close-editions<\/b>/)
    const job = await db
      .selectFrom('job')
      .select('run_after')
      .where('key', '=', 'close-editions')
      .executeTakeFirstOrThrow()
    assert.ok(job.run_after <= clock().toISOString())
  })
})
