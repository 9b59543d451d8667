// An empty PostgreSQL database for a test, on the server that `npm test` started.
import { randomBytes } from 'node:crypto'
import { after } from 'node:test'
import { Client } from 'pg'

const server = process.env.PAPERROUND_TEST_POSTGRES
const missing =
  'no PostgreSQL: run the test through npm test, which starts one, or set PAPERROUND_TEST_POSTGRES to the URL of a server'
const created: string[] = []

// Of the whole file: inside a test, `after` would belong to that test alone.
after(async () => {
  if (created.length > 0) await onServer((client) => drop(client, created.splice(0)))
})

/** For `test(name, { skip: withoutPostgres() }, ...)`: why to skip, or false. In CI always false: there it must fail. */
export function withoutPostgres(): string | false {
  return server || process.env.CI ? false : missing
}

/**
 * URL of a new empty database, or undefined after the test was marked as skipped; without a server in CI it throws.
 * The database lives until the end of the test file, so that connections which the test closes late close in peace.
 */
export async function withPostgresDatabase(t: { skip(reason: string): void }): Promise<string | undefined> {
  const reason = withoutPostgres()
  if (reason) {
    t.skip(reason)
    return undefined
  }
  return createPostgresDatabase()
}

/** The same without a test at hand, for a `before` hook; throws when there is no server. */
export async function createPostgresDatabase(): Promise<string> {
  if (!server) throw new Error(missing)
  const name = `test_${randomBytes(8).toString('hex')}`
  created.push(name)
  await onServer((client) => client.query(`create database ${name}`))
  const url = new URL(server)
  url.pathname = `/${name}`
  return url.href
}

/** A copy of a database that nobody is connected to, as dumping and restoring it makes one; lives as long as the others. */
export async function copyPostgresDatabase(url: string): Promise<string> {
  const copy = new URL(url)
  const original = copy.pathname.slice(1)
  const name = `${original}_copy`
  copy.pathname = `/${name}`
  await onServer((client) => client.query(`create database ${name} template ${original}`))
  created.push(name)
  return copy.href
}

async function drop(client: Client, names: string[]): Promise<void> {
  for (const name of names) await client.query(`drop database if exists ${name} with (force)`)
}

async function onServer(work: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: server })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}
