// Browser tests: the system's Chromium, one per test file, a fresh context per page, and axe on what it shows.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after } from 'node:test'
import type { AxeResults, RunOptions } from 'axe-core'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { findChromium } from '../scripts/find-chromium.ts'

/** What these helpers need of a node:test context. */
type Test = { skip(reason: string): void; after(work: () => Promise<void>): void }

/** `expectedErrors` excuses messages that the page may write to its console as errors, such as a deliberate 404. */
export type PageOptions = BrowserContextOptions & { expectedErrors?: RegExp }

const executablePath = process.env.PAPERROUND_TEST_CHROMIUM || findChromium()
const missing = 'no Chromium: install it, or set PAPERROUND_CHROMIUM to the path of one'
const withoutScript = new WeakSet<BrowserContext>()
let browser: Promise<Browser> | undefined

after(async () => {
  await (await browser)?.close()
  browser = undefined
})

/** For `test(name, { skip: withoutBrowser() }, ...)`: why to skip, or false. In CI always false: there it must fail. */
export function withoutBrowser(): string | false {
  return executablePath || process.env.CI ? false : missing
}

/** True after marking the test as skipped: return at once. For tests that start a server before they open a page. */
export function skipWithoutBrowser(t: Pick<Test, 'skip'>): boolean {
  const reason = withoutBrowser()
  if (reason) t.skip(reason)
  return reason !== false
}

/** The browser of this test file, started on first use and closed after the last test. Throws when there is none. */
export async function openBrowser(): Promise<Browser> {
  if (!executablePath) throw new Error(missing)
  // Chromium's sandbox refuses root, which is what containers are; the pages are our own.
  const args = process.getuid?.() === 0 ? ['--no-sandbox', '--disable-dev-shm-usage'] : ['--disable-dev-shm-usage']
  browser ??= chromium.launch({ executablePath, args })
  return browser
}

/**
 * A page in a context of its own: one per person of the story. Closed after the test, which then fails if a script of
 * the page threw or the console got an error (a breach of the content security policy among them).
 * Undefined after the test was marked as skipped.
 */
export async function openPage(t: Test, options: PageOptions = {}): Promise<Page | undefined> {
  if (skipWithoutBrowser(t)) return undefined
  const { expectedErrors, ...contextOptions } = options
  const context = await (await openBrowser()).newContext(contextOptions)
  if (contextOptions.javaScriptEnabled === false) withoutScript.add(context)
  const errors: string[] = []
  const note = (text: string) => {
    if (!expectedErrors?.test(text)) errors.push(text)
  }
  context.on('weberror', (error) => note(String(error.error())))
  context.on('console', (message) => {
    if (message.type() === 'error') note(message.text())
  })
  t.after(async () => {
    await context.close()
    assert.deepEqual(errors, [], 'The browser reported errors.')
  })
  const page = await context.newPage()
  // Waiting longer than this means waiting for something that will not come.
  page.setDefaultTimeout(15_000)
  return page
}

const axeSource = readFileSync(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8')
const axeOptions: RunOptions = {
  resultTypes: ['violations'],
  runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] },
  // WCAG 2.1 A, but off by default: a button's label must contain the words that people see on it.
  rules: { 'label-content-name-mismatch': { enabled: true } },
}

/**
 * Fails with a list of what breaks WCAG 2.0, 2.1 or 2.2 (A and AA) or axe's best practices in what the page shows now.
 * The page's content security policy stays in force: axe arrives through the debugger, not as a script of the page.
 */
export async function checkAccessibility(page: Page): Promise<void> {
  if (withoutScript.has(page.context())) {
    throw new Error('checkAccessibility cannot run where scripts are off: open the same address with them on.')
  }
  await page.evaluate(axeSource)
  const results: AxeResults = await page.evaluate(
    (options) => (globalThis as unknown as { axe: typeof import('axe-core') }).axe.run(options),
    axeOptions,
  )
  assert.ok(results.violations.length === 0, `${page.url()} is not accessible:\n${describeViolations(results)}`)
}

function describeViolations({ violations }: AxeResults): string {
  const shown = 5
  const lines = violations.flatMap(({ id, impact, help, nodes }) => [
    `${id} (${impact}): ${help}`,
    ...nodes
      .slice(0, shown)
      .map(({ target, failureSummary = '' }) => `  ${target.join(' ')}: ${oneLine(failureSummary)}`),
    ...(nodes.length > shown ? [`  and ${nodes.length - shown} more`] : []),
  ])
  return lines.join('\n')
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ')
}
