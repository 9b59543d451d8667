import assert from 'node:assert/strict'
import { before, describe, type TestContext, test } from 'node:test'
import type { Page } from 'playwright-core'
import type { Db } from '../../src/db/index.ts'
import { currentAnnouncementDay, upsertPapers } from '../../src/papers/index.ts'
import { checkAccessibility, openPage, type PageOptions } from '../browser.ts'
import { arxiv, record } from '../papers.ts'
import { ada, ben, chen } from '../people.ts'
import type { Site } from '../program.ts'
import { signIn, signInBrowser } from '../sign-in.ts'
import { startSiteWithPeople } from '../sites.ts'

// Upvote, submit, pick, place, remove, undo, settings and roles, as people do them in a browser.

let site: Site
let db: Db
let secret: string
const today = currentAnnouncementDay(new Date())

before(async (t) => {
  ;({ site, db, secret } = await startSiteWithPeople(t as never))
  await db.updateTable('person').set({ role: 'editor' }).where('id', '=', ben).execute()
  const fresh = (id: string) =>
    record({ identifiers: [arxiv(id)], title: `Fresh news number ${id}`, categories: ['cs.LG'], announcedOn: today })
  await upsertPapers(db, ['2611.00001', '2611.00002'].map(fresh), new Date())
})

async function pageOf(t: TestContext, person: string | undefined, options: PageOptions): Promise<Page | undefined> {
  const page = await openPage(t, options)
  if (page && person) await signInBrowser(page.context(), site.url, await signIn(db, secret, person))
  return page
}

/** With script a vote is on its way while the button shows it already. */
async function votesArrived(page: Page): Promise<void> {
  await page.waitForFunction(() => !document.querySelector('button.vote[data-busy]'))
}

const kinds: { name: string; options: PageOptions; paper: string }[] = [
  {
    name: 'on a phone, without script',
    options: { viewport: { width: 360, height: 740 }, javaScriptEnabled: false },
    paper: '2611.00001',
  },
  { name: 'at a desk, with script', options: { viewport: { width: 1280, height: 900 } }, paper: '2611.00002' },
]

for (const { name, options, paper } of kinds) {
  describe(name, () => {
    test('a reader upvotes and takes it back, and stays at the paper', async (t) => {
      const page = await pageOf(t, chen, options)
      if (!page) return
      await page.goto(`${site.url}/?limit=20`)
      const button = page.locator('.card').nth(8).locator('button.vote')
      const id = await button.getAttribute('value')
      const same = page.locator(`button.vote[value="${id}"]`)
      assert.equal(await same.getAttribute('aria-pressed'), 'false')
      const before = Number(await same.locator('b').innerText())
      await same.click()
      await page.locator(`button.vote[value="${id}"][aria-pressed="true"]`).waitFor()
      assert.equal(Number(await same.locator('b').innerText()), before + 1)
      if (options.javaScriptEnabled === false) assert.match(page.url(), /#p-/)
      else
        await page
          .getByRole('status')
          .getByText(`Upvoted: ${before + 1} upvote`)
          .waitFor({ state: 'attached' })
      await page.reload()
      assert.match((await same.getAttribute('aria-label')) ?? '', new RegExp(`^${before + 1} upvotes?: upvote$`))
      await same.click()
      await page.locator(`button.vote[value="${id}"][aria-pressed="false"]`).waitFor()
      await votesArrived(page)
      await page.reload()
      assert.equal(Number(await same.locator('b').innerText()), before)
    })

    test('for nobody signed in, the vote button leads to the way in and back', async (t) => {
      const page = await pageOf(t, undefined, options)
      if (!page) return
      await page.goto(`${site.url}/papers/date/${today}?limit=5`)
      await page.locator('button.vote').first().click()
      await page.waitForURL(/\/sign-in\?/)
      assert.equal(new URL(page.url()).searchParams.get('back'), `/papers/date/${today}?limit=5`)
    })

    test('a reader submits: rules first, what was found, then the paper in today’s edition', async (t) => {
      const page = await pageOf(t, chen, options)
      if (!page) return
      await page.goto(`${site.url}/papers/submit`)
      assert.ok(await page.getByRole('heading', { name: 'The rules here' }).isVisible())
      await page.getByLabel('Id or address of the paper').fill(`https://huggingface.co/papers/${paper}`)
      await page.getByRole('button', { name: 'Find it' }).click()
      assert.ok(await page.getByText(/^Goes into the edition of/).isVisible())
      await page.getByLabel('A comment for other readers').fill('Short and honest.')
      await page.getByRole('button', { name: 'Submit', exact: true }).click()
      await page.waitForURL(/submitted=list/)
      assert.match(
        await page.getByRole('main').innerText(),
        /in today’s edition[\s\S]*Short and honest\.[\s\S]*Chen Wei/,
      )
      await page.goto(`${site.url}/papers/submit?id=${paper}`)
      await page.getByRole('button', { name: 'Upvote', exact: true }).click()
      await page.waitForURL(/submitted=listed_before/)
    })

    test('an editor picks, moves and removes a paper, and undoes it in the log', async (t) => {
      const page = await pageOf(t, ben, options)
      if (!page) return
      const path = `${site.url}/papers/${paper}`
      await page.goto(path)
      await page.getByRole('button', { name: 'Mark as a pick' }).click()
      await page.getByRole('button', { name: 'Take the pick back' }).waitFor()
      assert.ok(await page.getByText('Pick of the editors').isVisible())
      await page.getByText('Place or remove').click()
      await page.getByLabel('Take it out of its edition, because').fill('already discussed last week')
      await page.getByRole('button', { name: 'Remove' }).click()
      await page.getByText('already discussed last week').waitFor()
      await page.getByLabel('Place in the edition of').fill(today)
      await page.getByRole('button', { name: 'Place', exact: true }).click()
      await page.locator('.listed').waitFor()
      await page.getByRole('link', { name: 'What editors did with this paper' }).click()
      const undo = page.getByRole('button', { name: /^Undo number/ })
      assert.equal(await undo.count(), 3)
      await undo.first().click()
      await page.getByText('Taken back. The log has a new line about it.').waitFor()
      await page.goto(path)
      assert.equal(await page.locator('.listed').count(), 0)
    })

    test('an administrator changes a setting and a role, and takes both back', async (t) => {
      const page = await pageOf(t, ada, options)
      if (!page) return
      await page.goto(`${site.url}/`)
      await page.getByRole('link', { name: 'Administration' }).click()
      await page.getByRole('main').getByRole('link', { name: 'Settings' }).first().click()
      await page.getByLabel('Name of the site').fill('Papers of our laboratory')
      await page.getByLabel('Submissions per person and day').fill('3')
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByText('Saved. It holds from now on').waitFor()
      assert.match(await page.locator('.brand').innerText(), /Papers of our laboratory/)
      await page.goto(`${site.url}/admin/people`)
      await page.getByLabel('Name or address').fill('chen')
      await page.getByRole('main').getByRole('button', { name: 'Search' }).click()
      await page.getByRole('link', { name: 'Chen Wei' }).click()
      await page.getByRole('combobox', { name: 'Role' }).selectOption('editor')
      await page.getByRole('button', { name: 'Change role' }).click()
      await page.getByText('Saved. It holds from now on').waitFor()
      for (const subject of [`person:${chen}`, 'setting:name', 'setting:submitPerDay']) {
        await page.goto(`${site.url}/admin/log?subject=${subject}`)
        await page
          .getByRole('button', { name: /^Undo number/ })
          .first()
          .click()
        await page.getByText('Taken back. The log has a new line about it.').waitFor()
      }
      assert.doesNotMatch(await page.locator('.brand').innerText(), /laboratory/)
      const role = await db.selectFrom('person').select('role').where('id', '=', chen).executeTakeFirstOrThrow()
      assert.equal(role.role, 'reader')
    })
  })
}

test('with script: a vote that cannot be saved goes back and says so; quick clicks end where the last one wanted', async (t) => {
  const page = await pageOf(t, chen, { expectedErrors: /ERR_FAILED|Failed to load/ })
  if (!page) return
  await page.goto(`${site.url}/?limit=20`)
  // Named by its paper: an upvote moves the card.
  const id = await page.locator('.card').nth(10).locator('button.vote').getAttribute('value')
  const button = page.locator(`button.vote[value="${id}"]`)
  await page.route('**/papers/upvote', (route) => route.abort())
  await button.click()
  await page.getByText('Your upvote was not saved').waitFor()
  assert.equal(await button.getAttribute('aria-pressed'), 'false')
  assert.equal(await button.locator('b').innerText(), '0')
  await checkAccessibility(page)
  await page.unroute('**/papers/upvote')
  for (let click = 0; click < 5; click++) await button.click()
  await votesArrived(page)
  assert.equal(await button.getAttribute('aria-pressed'), 'true')
  await page.reload()
  assert.equal(await button.getAttribute('aria-pressed'), 'true')
  assert.equal(await button.locator('b').innerText(), '1')
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing on the new pages, and nothing sticks out on a phone, ${colorScheme}`, async (t) => {
    const page = await pageOf(t, ada, {
      colorScheme,
      viewport: { width: 360, height: 740 },
      expectedErrors: /status of 4/,
    })
    if (!page) return
    await page.goto(`${site.url}/papers/submit?id=2611.00001`)
    for (const path of [
      '/?limit=5',
      '/papers/2611.00001',
      '/papers/submit',
      '/papers/submit?id=2611.00001',
      '/papers/submit?id=2611.77777',
      '/papers/submit?id=nonsense',
      '/admin',
      '/admin/settings',
      '/admin/people',
      `/admin/people/${chen}`,
      '/admin/votes',
      '/admin/claims',
      '/admin/jobs',
      '/admin/log',
    ]) {
      await page.goto(site.url + path)
      await checkAccessibility(page)
      const width = await page.evaluate(() => document.documentElement.scrollWidth)
      assert.ok(width <= 360, `${path} is ${width} wide`)
    }
  })
}
