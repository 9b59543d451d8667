import assert from 'node:assert/strict'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { ensureChromium, findChromium } from '../scripts/find-chromium.ts'
import { checkAccessibility, openBrowser, openPage, withoutBrowser } from './browser.ts'

function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'paperround-chromium-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return folder
}

/** A page with a policy as strict as can be: no source of scripts at all. */
async function serve(t: TestContext, body: string): Promise<string> {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.setHeader('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; img-src data:")
    response.end(`<!doctype html><html lang="en"><head><title>Papers</title><link rel="icon" href="data:,"></head>
      <body><main><h1>Papers</h1>${body}</main></body></html>`)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

describe('finding Chromium', () => {
  test('takes the first place that exists', (t) => {
    const there = join(temporaryFolder(t), 'chromium')
    writeFileSync(there, '')
    assert.equal(findChromium(['/nowhere/chromium', there]), there)
    assert.equal(findChromium(['/nowhere/chromium']), undefined)
  })

  test('looks nowhere else when PAPERROUND_CHROMIUM is set, and says when it names nothing', async (t) => {
    const before = process.env.PAPERROUND_CHROMIUM
    t.after(() => {
      if (before === undefined) delete process.env.PAPERROUND_CHROMIUM
      else process.env.PAPERROUND_CHROMIUM = before
    })
    process.env.PAPERROUND_CHROMIUM = '/nowhere/chromium'
    const lines: string[] = []
    assert.equal(findChromium(), undefined)
    assert.equal(await ensureChromium({ print: (line) => lines.push(line) }), undefined)
    assert.match(lines.join(), /PAPERROUND_CHROMIUM names \/nowhere\/chromium/)
  })

  const isRoot = process.getuid?.() === 0
  test('as root on Debian, installs it with apt-get', { skip: !isRoot && 'only root installs' }, async (t) => {
    const folder = temporaryFolder(t)
    const [aptGet, browser, log] = ['apt-get', 'chromium', 'log'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ]
    const script = `echo "$DEBIAN_FRONTEND $*" >> ${log}; [ "$1" = update ] || touch ${browser}`
    writeFileSync(aptGet, `#!/bin/sh\n${script}\n`)
    chmodSync(aptGet, 0o755)
    const lines: string[] = []
    assert.equal(await ensureChromium({ places: [browser], aptGet, print: (line) => lines.push(line) }), browser)
    assert.deepEqual(readFileSync(log, 'utf8').trim().split('\n'), [
      'noninteractive update',
      'noninteractive install -y --no-install-recommends --no-remove chromium',
    ])
    assert.deepEqual(lines, ['No Chromium found: installing it with apt-get (once) ...'])
  })

  test('says why when apt-get brings none', { skip: !isRoot && 'only root installs' }, async (t) => {
    const aptGet = join(temporaryFolder(t), 'apt-get')
    writeFileSync(aptGet, '#!/bin/sh\necho "E: no such package" >&2; exit 100\n')
    chmodSync(aptGet, 0o755)
    const lines: string[] = []
    assert.equal(await ensureChromium({ places: [], aptGet, print: (line) => lines.push(line) }), undefined)
    assert.match(lines.at(-1) ?? '', /E: no such package/)
  })

  test('without apt-get, says how to install it', async () => {
    const lines: string[] = []
    const path = await ensureChromium({ places: [], aptGet: '/nowhere/apt-get', print: (line) => lines.push(line) })
    assert.equal(path, undefined)
    assert.match(lines.join(), /Install .*PAPERROUND_CHROMIUM/)
  })
})

describe('a page of the browser', { skip: withoutBrowser() }, () => {
  test('is in a context of its own, with the options asked for', async (t) => {
    const url = await serve(t, '<p id="plain">Read me</p><noscript><p id="bare">No script</p></noscript>')
    const ada = (await openPage(t, { colorScheme: 'dark', viewport: { width: 360, height: 640 } }))!
    const ben = (await openPage(t, { javaScriptEnabled: false }))!
    await Promise.all([ada.goto(url), ben.goto(url)])
    assert.equal(await ada.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches), true)
    assert.equal(await ada.evaluate(() => innerWidth), 360)
    assert.equal(await ada.locator('#bare').isVisible(), false)
    assert.equal(await ben.locator('#bare').isVisible(), true)
    await ada.context().addCookies([{ name: 'who', value: 'ada', url }])
    assert.deepEqual(await ben.context().cookies(), [])
    assert.equal(await openBrowser(), ada.context().browser())
  })

  test('fails its test when its policy was broken, unless the error is expected', async (t) => {
    const url = await serve(t, '<script>document.title = "changed"</script>')
    const afterwards: (() => Promise<void>)[] = []
    const inner = {
      skip: (reason: string) => assert.fail(reason),
      after: (work: () => Promise<void>) => afterwards.push(work),
    }
    for (const options of [{}, { expectedErrors: /Content Security Policy/ }]) {
      const page = (await openPage(inner, options))!
      await page.goto(url)
      assert.equal(await page.title(), 'Papers')
    }
    const [strict, lenient] = afterwards
    await assert.rejects(strict!(), /The browser reported errors/)
    await lenient!()
  })

  test('passes the accessibility check under a strict policy when nothing is wrong', async (t) => {
    const page = (await openPage(t))!
    await page.goto(await serve(t, '<p>Read <a href="/">all papers</a> here.</p>'))
    await checkAccessibility(page)
  })

  test('fails it with rule, place and advice: WCAG 2.0, 2.1 and 2.2 and best practices', async (t) => {
    const page = (await openPage(t))!
    const tiny = 'style="width:9px;height:9px;padding:0;border:0"'
    const body = `<p id="pale" style="color:#aaa">pale</p><h4>skipped levels</h4>
      <button ${tiny} id="one">1</button><button ${tiny} id="two">2</button><button aria-label="Vote">12 points</button>`
    await page.goto(await serve(t, body))
    const error = await checkAccessibility(page).then(
      () => assert.fail('passed'),
      (reason: Error) => reason,
    )
    assert.match(error.message, /color-contrast \(serious\): .*\n {2}#pale: .*contrast of 2\.32/)
    for (const rule of ['target-size', 'heading-order', 'label-content-name-mismatch'])
      assert.match(error.message, RegExp(rule))
  })

  test('refuses the check where scripts are off, instead of waiting for ever', async (t) => {
    const page = (await openPage(t, { javaScriptEnabled: false }))!
    await page.goto(await serve(t, ''))
    await assert.rejects(checkAccessibility(page), /scripts are off/)
  })
})

test('the browser that npm test passes on exists', { skip: withoutBrowser() }, () => {
  const path = process.env.PAPERROUND_TEST_CHROMIUM ?? findChromium()
  assert.ok(path !== undefined && existsSync(path))
})
