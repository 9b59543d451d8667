import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { checkAccessibility, openPage } from '../browser.ts'
import type { MailServer } from '../mail-server.ts'
import { until } from '../processes.ts'
import type { Site } from '../program.ts'
import { startSiteWithMail } from '../sites.ts'

// The pages about mail as people meet them: the built program, its worker, a mail server, a browser.
let site: Site
let mail: MailServer

before(async (t) => {
  ;({ site, mail } = await startSiteWithMail(t as never))
})

const phone = { viewport: { width: 360, height: 740 }, timezoneId: 'Europe/Berlin' }

/** The address of the page that a confirmation mail leads to. */
async function confirmationFor(email: string): Promise<string> {
  const link = async () => /http:\S+\/confirm\/\S+/.exec((await mail.mailTo(email))[0]?.text ?? '')?.[0]
  await until(() => mail.delivered.some(({ to }) => to === email))
  return (await link()) as string
}

let inspected = 0

/** axe, in one theme and then the other, for they share their colours; and nothing that sticks out. */
async function inspect(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true
  })
  inspected += 1
  await page.emulateMedia({ colorScheme: inspected % 2 === 0 ? 'light' : 'dark' })
  await checkAccessibility(page)
  const [wide, shown] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
  assert.ok((wide as number) <= (shown as number), `${page.url()} is ${wide} wide in ${shown}`)
}

test('every wish can be set without script, from the first form to the page of preferences', async (t) => {
  const page = await openPage(t, { ...phone, javaScriptEnabled: false, expectedErrors: /status of 400/ })
  if (!page) return
  const main = page.getByRole('main')
  const mark = (name: string) => main.getByRole('radio', { name, exact: true }).last().check()
  const fill = (name: RegExp, value: string) => main.getByRole('textbox', { name }).last().fill(value)
  const choose = (name: string, label: string) => main.getByLabel(name, { exact: true }).last().selectOption({ label })

  await page.goto(`${site.url}/subscribe`)
  await fill(/^Your address/, 'ada@example.org')
  await fill(/^Categories/, 'cs.cl, cs.LG')
  await main.getByRole('button', { name: 'Subscribe' }).click()
  assert.match(await page.getByRole('alert').innerText(), /You typed "cs.cl, cs.LG", but marked another line/)
  assert.equal(await main.getByRole('textbox', { name: /^Categories/ }).inputValue(), 'cs.cl, cs.LG', 'is not lost')
  assert.equal(await main.getByRole('textbox', { name: /^Your address/ }).inputValue(), 'ada@example.org')
  await mark('New in categories')
  await choose('How often', 'once a week, on the first day marked')
  for (const day of ['Mon', 'Tue', 'Thu', 'Fri']) await main.getByLabel(day).uncheck()
  await choose('At', '18:00')
  await main.getByRole('combobox', { name: 'Time zone' }).fill('Asia/Kolkata')
  await choose('At most', '30 papers')
  await main.getByRole('button', { name: 'Subscribe' }).click()
  assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), 'Look into your mailbox')
  await page.goto(await confirmationFor('ada@example.org'))
  await main.getByRole('button').click()
  assert.match(
    await main.innerText(),
    /New papers in cs\.CL, cs\.LG\s+Every Wednesday at 18:00 \(Asia\/Kolkata\), at most 30 papers\./,
  )

  const more: [string, RegExp | undefined, string, RegExp][] = [
    ['Trending papers', undefined, '', /Trending papers/],
    ['Picks of the editors', undefined, '', /What the editors pick/],
    ['New by authors', /^Authors/, 'Ada Byron', /New papers by Ada Byron/],
    ['New for a search', /^Search/, 'speculative decoding', /New papers for the search “speculative decoding”/],
    ['Like these papers', /^Papers by their ids/, '1706.03762', /New papers like 1706\.03762/],
  ]
  for (const [label, field, text, sentence] of more) {
    await main.getByText('Subscribe to something else').click()
    await mark(label)
    if (field) await fill(field, text)
    await choose('How often', 'once a month, on its first day')
    await main.getByRole('button', { name: 'Subscribe' }).click()
    assert.match(await main.innerText(), sentence)
  }
  assert.match(await main.innerText(), /On the first of the month at 07:00 \(UTC\)/)
  await main.getByText('Subscribe to something else').click()
  await mark('Submitted here by')
  await fill(/^People/, 'Nobody Atall')
  await main.getByRole('button', { name: 'Subscribe' }).click()
  assert.match(await page.getByRole('alert').innerText(), /Nobody called "Nobody Atall" has submitted papers here/)
  await main.getByRole('button', { name: /^Pause for 14 days: trending/ }).click()
  assert.match(await main.innerText(), /Paused until/)
})

test('the pages about mail are accessible and fit a phone; typing marks the line, and the zone is guessed', async (t) => {
  const page = await openPage(t, phone)
  if (!page) return
  const main = page.getByRole('main')
  await page.goto(`${site.url}/subscribe`)
  await main.getByRole('textbox', { name: /^Authors/ }).fill('Ben Okri')
  assert.ok(await main.getByRole('radio', { name: 'New by authors' }).isChecked())
  assert.equal(await main.getByRole('combobox', { name: 'Time zone' }).inputValue(), 'Europe/Berlin')
  await inspect(page)
  await main.getByLabel('Your address').fill('ben@example.org')
  await main.getByRole('button', { name: 'Subscribe' }).click()
  await inspect(page)
  await page.goto(await confirmationFor('ben@example.org'))
  await inspect(page)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'You are subscribed' }).waitFor()
  await inspect(page)
  await page.goto(`${site.url}/about/mail`)
  await inspect(page)
})

test('an administrator finds the digests from the status page, and every page of theirs is accessible', async (t) => {
  const page = await openPage(t, phone)
  if (!page) return
  await page.goto(/First administrator: open (\S+)/.exec(site.output())?.[1] as string)
  await page.getByLabel('Your name, as others will see it').fill('Grace')
  await page.getByLabel('E-mail address, to sign in with later').fill('grace@example.org')
  await page.getByRole('button', { name: 'Become administrator' }).click()
  await page.waitForURL(/\/account$/)
  assert.match(await page.getByRole('main').innerText(), /No papers come by mail\./)
  await page.goto(`${site.url}/status`)
  await page.getByRole('main').getByRole('link', { name: 'Digests' }).click()
  assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), 'Digests')
  await inspect(page)
  for (const path of ['/admin/digests/help', '/admin/digests/preview', '/searches']) {
    await page.goto(site.url + path)
    await inspect(page)
  }
  await page.getByLabel('Search', { exact: true }).last().fill('speculative decoding')
  await page.getByRole('button', { name: 'Keep this search' }).click()
  await inspect(page)
  await page.goto(`${site.url}/admin/digests`)
  await page.getByLabel('Address').last().fill('ben@example.org')
  await page.getByRole('button', { name: 'Look up' }).click()
  assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), 'ben@example.org')
  await inspect(page)
})
