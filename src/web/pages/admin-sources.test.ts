import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onEverySite, type TestSite } from '../../../tests/open-site.ts'
import { ada, ben, seedPeople } from '../../../tests/people.ts'
import { findJob } from '../../db/index.ts'
import { arxivChoice, configuredSources, followedCategories, sourceKinds } from '../../sources/index.ts'
import { sourceFields, sourceOfForm } from '../source-fields.ts'

async function adminOf(site: TestSite): Promise<{ admin: string; editor: string }> {
  const { db } = site.context
  await seedPeople(db)
  await db.updateTable('person').set({ role: 'admin' }).where('id', '=', ada).execute()
  await db.updateTable('person').set({ role: 'editor' }).where('id', '=', ben).execute()
  return { admin: await site.signIn(ada), editor: await site.signIn(ben) }
}
const html = async (site: TestSite, as: string, path = '/admin/sources') => (await site.ask(path, { as })).text()
const feed = { kind: 'feed', name: 'journal', url: 'https://journal.example.org/rss', enabled: 'yes', edition: 'yes' }

test('every kind of source has its fields, and a filled form means what the file would say', () => {
  assert.deepEqual(Object.keys(sourceFields).toSorted(), sourceKinds.map(({ kind }) => kind).toSorted())
  assert.deepEqual(
    sourceOfForm({ ...feed, title: '', everyHours: '0.5', filters: '-survey\n\n cat:cs.CL ', edition: undefined }),
    {
      name: 'journal',
      kind: 'feed',
      url: 'https://journal.example.org/rss',
      enabled: true,
      edition: false,
      everyHours: 0.5,
      filters: ['-survey', 'cat:cs.CL'],
    },
  )
})

onEverySite('P55 sources on the admin page', (open) => {
  test('added, asked, changed, undone, removed; only by administrators', async (t) => {
    const site = await open(t)
    if (!site) return
    const { db } = site.context
    const { admin, editor } = await adminOf(site)
    assert.equal((await site.ask('/admin/sources', { as: editor })).status, 403)
    assert.equal((await site.send('/admin/sources', feed, editor)).status, 403)

    assert.equal((await site.send('/admin/sources', feed, admin)).headers.get('location'), '/admin/sources?done=saved')
    assert.deepEqual(
      (await configuredSources(db)).map(({ name, everyHours }) => [name, everyHours]),
      [['journal', 3]],
    )
    assert.equal((await findJob(db, 'gather-source:journal'))?.state, 'waiting')
    assert.match(await html(site, admin), /not asked yet/)
    assert.equal((await site.send('/admin/sources/ask', { name: 'journal' }, admin)).status, 303)
    assert.equal((await site.send('/admin/sources/ask', { name: 'nobody' }, admin)).status, 404)

    await site.send('/admin/sources', { ...feed, title: 'Journal of Rooms', everyHours: '12' }, admin)
    assert.match(await html(site, admin), /Journal of Rooms/)
    const log = await html(site, admin, '/admin/log')
    assert.match(log, /Changed[\s\S]*the source <b>journal<\/b>/)
    const [last] = [...log.matchAll(/name="action" value="(\d+)"/g)].map(([, id]) => id)
    assert.equal((await site.send('/admin/log/undo', { action: String(last) }, admin)).status, 303)
    assert.equal((await configuredSources(db))[0]?.everyHours, 3)

    await site.send('/admin/sources/remove', { name: 'journal' }, admin)
    assert.deepEqual(await configuredSources(db), [])
  })

  test('a form with mistakes names them all, keeps what was typed and changes nothing', async (t) => {
    const site = await open(t)
    if (!site) return
    const { admin } = await adminOf(site)
    const answer = await site.send(
      '/admin/sources',
      { ...feed, url: 'nowhere', everyHours: 'often', filters: 'cat:"' },
      admin,
    )
    assert.equal(answer.status, 400)
    const page = await answer.text()
    for (const part of [/url: expected an address/, /everyHours/, /filters\[0\]/, /value="nowhere"/, /value="often"/])
      assert.match(page, part)
    assert.deepEqual(await configuredSources(site.context.db), [])
  })

  test('categories of arXiv without touching code: typed in any way, unknown ones refused by name, none switches it off', async (t) => {
    const site = await open(t)
    if (!site) return
    const { db } = site.context
    const { admin } = await adminOf(site)
    await site.send('/admin/sources/arxiv', { categories: 'math.CO, stat.ML\nmath.CO', filters: '-survey' }, admin)
    assert.deepEqual(await followedCategories(db), ['math.CO', 'stat.ML'])
    // P11: a box that is not ticked is not sent.
    assert.equal((await arxivChoice(db)).crossLists, false)
    const refused = await site.send('/admin/sources/arxiv', { categories: 'cs.CL cs.XX', filters: '' }, admin)
    assert.equal(refused.status, 400)
    assert.match(await refused.text(), /arXiv has no category &quot;cs\.XX&quot;[\s\S]*cs\.CL cs\.XX/)
    assert.deepEqual(await followedCategories(db), ['math.CO', 'stat.ML'])
    await site.send('/admin/sources/arxiv', { categories: '', filters: '' }, admin)
    assert.deepEqual(await followedCategories(db), [])
    assert.match(await html(site, admin, '/status'), /arXiv is not followed here/)
  })
})
