import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { before, describe, test } from 'node:test'
import type { CDPSession, Page } from 'playwright-core'
import { checkAccessibility, openPage, type PageOptions } from '../browser.ts'
import { temporaryFolder } from '../databases.ts'
import type { MailServer } from '../mail-server.ts'
import { until } from '../processes.ts'
import { type Site, startSite } from '../program.ts'
import { type FakeProvider, providerEnvironment, startProvider } from '../provider.ts'
import { startSiteWithMail } from '../sites.ts'

// One running site for the whole file, as people meet it: the built program, with mail and with another site to sign in
// with. Each test is somebody's story.
let site: Site
let mail: MailServer
let provider: FakeProvider

before(async (t) => {
  const afterAll = t as never
  provider = await startProvider(afterAll)
  ;({ site, mail } = await startSiteWithMail(afterAll, providerEnvironment(provider)))
})

const phone: PageOptions = { viewport: { width: 360, height: 740 }, hasTouch: true }
const plainPhone: PageOptions = { ...phone, javaScriptEnabled: false, expectedErrors: /status of 40[13]/ }

/** Looks at what is shown as a strict reader would: axe in both themes, and nothing that sticks out. */
async function inspect(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await checkAccessibility(page)
  }
  const [wide, shown] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
  assert.ok((wide as number) <= (shown as number), `${page.url()} is ${wide} wide in ${shown}`)
}

async function signInByMail(page: Page, email: string, name?: string): Promise<void> {
  const before = mail.delivered.length
  await page.goto(`${site.url}/sign-in`)
  await page.getByLabel('E-mail address').fill(email)
  await page.getByRole('button', { name: 'Send me a sign-in link' }).click()
  assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), 'Look into your mailbox')
  await until(() => mail.delivered.length > before)
  const text = (await mail.mailTo(email)).at(-1)?.text ?? ''
  await page.goto(/http:\S+/.exec(text)?.[0] as string)
  if (name) await page.getByLabel(/Your name/).fill(name)
  await page.getByRole('main').getByRole('button').click()
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
}

/** A security key inside Chromium: it answers as a device would, with somebody who unlocks it. */
async function addAuthenticator(page: Page): Promise<{ cdp: CDPSession; authenticatorId: string }> {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return { cdp, authenticatorId }
}

describe('accounts in a browser', () => {
  test('the first administrator: by the link of the log, once; then invites an editor', async (t) => {
    const page = await openPage(t, { expectedErrors: /status of 4\d\d/ })
    if (!page) return
    const link = /First administrator: open (\S+)/.exec(site.output())?.[1] as string
    await page.goto(link)
    await inspect(page)
    await page.getByLabel('Your name, as others will see it').fill('Ada Byron')
    await page.getByLabel('E-mail address, to sign in with later').fill('ada@example.org')
    await page.getByRole('button', { name: 'Become administrator' }).click()
    await page.waitForURL(/\/account$/)
    assert.match(await page.getByRole('main').innerText(), /Ada Byron, an administrator/)
    await page.goto(link)
    assert.match(await page.getByRole('main').innerText(), /used/)
    await page.goto(`${site.url}/admin/invites`)
    await page.getByLabel('For whom').fill('Grace')
    await page.getByLabel('As').selectOption('editor')
    await page.getByRole('button', { name: 'Make an invitation' }).click()
    const invitation = await page.getByLabel('Link', { exact: true }).inputValue()
    await inspect(page)

    const guest = await openPage(t, plainPhone)
    if (!guest) return
    await guest.goto(invitation)
    await guest.getByRole('button', { name: 'Accept' }).click()
    assert.match(await guest.getByRole('main').innerText(), /You have an invitation/)
    await signInByMail(guest, 'grace@example.org', 'Grace Hopper')
    await guest.goto(`${site.url}/account`)
    assert.match(await guest.getByRole('main').innerText(), /Grace Hopper, an editor/)
    await guest.goto(`${site.url}/admin/invites`)
    assert.match(await guest.getByRole('main').innerText(), /for administrators/)
    await page.goto(`${site.url}/admin/invites`)
    assert.match(await page.getByRole('main').innerText(), /Grace Hopper, as editor/)
    await inspect(page)
  })

  test('on a phone without script: sign up by mail, make a token, use it, export, delete', async (t) => {
    const page = await openPage(t, plainPhone)
    if (!page) return
    await page.goto(`${site.url}/account`)
    await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click()
    assert.match(page.url(), /back=%2Faccount/)
    await signInByMail(page, 'chen@example.org', 'Chen <b>Wei</b>')
    assert.equal(await page.getByRole('link', { name: 'Chen <b>Wei</b>' }).count(), 1, 'names are text')
    await page.goto(`${site.url}/account`)
    assert.equal(await page.getByRole('button', { name: 'Add a passkey' }).count(), 0)
    await page.getByLabel('What it is for').fill('my reader')
    await page.getByLabel('It may').selectOption('write')
    await page.getByRole('button', { name: 'Make a token' }).click()
    const token = await page.getByLabel('Token').inputValue()
    const bearer = { authorization: `Bearer ${token}` }
    assert.equal((await fetch(`${site.url}/papers/trending`, { headers: bearer })).status, 200)
    assert.equal((await fetch(`${site.url}/account`, { headers: bearer })).status, 403, 'not for a token')
    await page.getByRole('link', { name: 'Back to your account' }).click()
    assert.doesNotMatch(await page.content(), new RegExp(token))
    await page.getByRole('button', { name: 'Revoke my reader' }).click()
    assert.match(await page.getByRole('main').innerText(), /That token was revoked/)
    assert.equal((await fetch(`${site.url}/papers/trending`, { headers: bearer })).status, 401)

    const download = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Download everything stored about you' }).click()
    const exported = JSON.parse(readFileSync(await (await download).path(), 'utf8'))
    assert.equal(exported.person[0].email, 'chen@example.org')
    assert.equal(exported.session.length, 1)
    assert.equal(JSON.stringify(exported).includes('"token"'), false)

    await page.getByRole('link', { name: 'delete your account' }).click()
    await page.getByLabel(/go too/).check()
    await page.getByLabel('I want to delete my account').check()
    await page.getByRole('button', { name: 'Delete my account' }).click()
    assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), 'Your account is gone')
    await page.goto(site.url)
    assert.equal(await page.getByRole('link', { name: 'Sign in' }).count(), 1)
  })

  for (const [device, options] of [
    ['on a desktop', {}],
    ['on a phone', phone],
  ] as const) {
    test(`a passkey is added and signs in again, ${device}; a device that checks nobody is refused`, async (t) => {
      const page = await openPage(t, { ...options, expectedErrors: /status of 400/ })
      if (!page) return
      const { cdp, authenticatorId } = await addAuthenticator(page)
      const name = `Pat ${device}`
      await signInByMail(page, `pat${name.length}@example.org`, name)
      await page.goto(`${site.url}/account`)
      await page.getByLabel('Name of the device').fill('my key')
      await page.getByRole('button', { name: 'Add a passkey' }).click()
      await page.getByRole('button', { name: 'Remove my key' }).waitFor()
      const { credentials } = await cdp.send('WebAuthn.getCredentials', { authenticatorId })
      assert.equal(credentials.length, 1)
      assert.equal(credentials[0]?.isResidentCredential, true)
      if (device === 'on a phone') await inspect(page)
      await page.getByRole('button', { name: 'Sign out', exact: true }).first().click()
      await page.getByRole('link', { name: 'Sign in' }).waitFor()

      await page.goto(`${site.url}/sign-in?back=/papers/trending`)
      await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
      await page.waitForURL(/\/papers\/trending$/)
      await page.getByRole('link', { name }).waitFor()

      await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false })
      await page.goto(`${site.url}/sign-in`)
      await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
      await page.getByText(/Nothing happened|did not check/).waitFor()
      assert.match(page.url(), /\/sign-in$/)
    })
  }

  test('with another site: through its page and back, without script', async (t) => {
    const page = await openPage(t, plainPhone)
    if (!page) return
    provider.subject = { sub: '0000-0001-5109-3700', name: 'Laure Haak' }
    await page.goto(`${site.url}/sign-in?back=/about`)
    await page.getByRole('button', { name: 'Sign in with ORCID' }).click()
    await page.waitForURL(/\/about$/)
    await page.getByRole('link', { name: 'Laure Haak' }).click()
    assert.match(await page.getByRole('main').innerText(), /None: you sign in with another site/)
    await page.getByRole('button', { name: 'Remove ORCID' }).click()
    assert.match(await page.getByRole('main').innerText(), /your only way in/)
  })

  test('every page about accounts passes axe and fits a phone', async (t) => {
    const page = await openPage(t, { ...phone, expectedErrors: /status of 4\d\d/ })
    if (!page) return
    for (const path of [
      '/sign-in',
      '/sign-in?error=access_denied',
      '/sign-in/sent',
      '/sign-in/link?token=x',
      '/account',
    ]) {
      await page.goto(site.url + path)
      await inspect(page)
    }
    await signInByMail(page, 'axe@example.org', 'Łukasz Ångström-Featherstonehaugh the Younger of Somewhere Far Away')
    for (const path of ['/', '/account', '/account/leave', '/account/address?token=x', '/admin/invites', '/sign-in']) {
      await page.goto(site.url + path)
      await inspect(page)
    }
  })

  test('where work is asked for, the browser does it; without script two links an hour still go out', async (t) => {
    const site = await startSite(t, temporaryFolder(t), { PAPERROUND_CAPTCHA: 'true', PAPERROUND_STARTER: 'false' })
    const page = await openPage(t)
    if (!page) return
    for (let times = 0; times < 3; times++) {
      await page.goto(`${site.url}/sign-in`)
      await page.getByLabel('E-mail address').fill(`work${times}@example.org`)
      await page.getByRole('button', { name: 'Send me a sign-in link' }).click()
      await page.waitForURL(/\/sign-in\/sent$/)
    }
    await until(() => /sign-in\/link\?token=/.test(site.output()))
    const send = (n: number) =>
      fetch(`${site.url}/sign-in/mail`, {
        method: 'POST',
        redirect: 'manual',
        body: new URLSearchParams({ email: `plain${n}@example.org`, work: '{"forged":1}' }),
      })
    assert.deepEqual([(await send(1)).status, (await send(2)).status, (await send(3)).status], [303, 303, 429])
  })
})
