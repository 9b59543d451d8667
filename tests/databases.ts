import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, type TestContext } from 'node:test'
import { type Db, migrate, openPostgres, openSqlite } from '../src/db/index.ts'
import { withPostgresDatabase } from './postgres.ts'

/** Opens an empty migrated database for one test and closes it after; undefined when the test was skipped. */
export type OpenDatabase = (t: TestContext) => Promise<Db | undefined>

/** The same suite on every database there is: SQLite on disk, and PostgreSQL. */
export function onEveryDatabase(title: string, suite: (open: OpenDatabase) => void): void {
  describe(`${title}, on SQLite`, () => suite(openSqliteForTest))
  describe(`${title}, on PostgreSQL`, () => suite(openPostgresForTest))
}

export async function openSqliteForTest(t: TestContext): Promise<Db> {
  const folder = temporaryFolder(t)
  const db = openSqlite(join(folder, 'test.sqlite'))
  t.after(() => db.destroy())
  await migrate(db)
  return db
}

async function openPostgresForTest(t: TestContext): Promise<Db | undefined> {
  const url = await withPostgresDatabase(t)
  if (!url) return undefined
  const db = openPostgres(url)
  t.after(() => db.destroy())
  await migrate(db)
  return db
}

export function temporaryFolder(t: Pick<TestContext, 'after'>): string {
  const folder = mkdtempSync(join(tmpdir(), 'paperround-test-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
