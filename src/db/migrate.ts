import { Migrator } from 'kysely/migration'
import { AppError } from '../errors.ts'
import type { Db } from './dialect.ts'
import * as records from './migrations/2026-11-23-records.ts'
import * as accounts from './migrations/2026-11-24-accounts.ts'
import * as arxiv from './migrations/2026-11-24-arxiv.ts'
import * as community from './migrations/2026-11-24-community.ts'
import * as digest from './migrations/2026-11-24-digest.ts'
import * as search from './migrations/2026-11-24-search.ts'
import * as sources from './migrations/2026-11-24-sources.ts'
import * as mailadmin from './migrations/2026-11-24-z-mailadmin.ts'
import * as gather from './migrations/2026-11-24-z-n-gather.ts'
import * as quality from './migrations/2026-11-24-z-quality.ts'
import * as textTrust from './migrations/2026-11-24-z-r-text-trust.ts'

/** Every migration ever shipped, in order. A shipped one is never edited. */
const migrations = {
  '2026-11-23-records': records,
  '2026-11-24-accounts': accounts,
  '2026-11-24-community': community,
  '2026-11-24-search': search,
  '2026-11-24-sources': sources,
  '2026-11-24-arxiv': arxiv,
  '2026-11-24-digest': digest,
  '2026-11-24-z-mailadmin': mailadmin,
  // Sorts after what was on main before it.
  '2026-11-24-z-n-gather': gather,
  '2026-11-24-z-quality': quality,
  '2026-11-24-z-r-text-trust': textTrust,
}

/**
 * Brings the database to the schema of this program. Returns whether it was empty before. Throws `newer_database` when
 * a newer program has already changed it.
 */
export async function migrate(db: Db): Promise<{ created: boolean }> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
  const before = await appliedNames(db)
  const unknown = before.filter((name) => !(name in migrations))
  if (unknown.length > 0) {
    throw new AppError(
      'newer_database',
      `This database was changed by a newer Paperround (${unknown.join(', ')}). Start that version, or restore a backup made before it.`,
    )
  }
  const { error } = await migrator.migrateToLatest()
  if (error) throw error
  return { created: before.length === 0 }
}

async function appliedNames(db: Db): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true })
  if (!tables.some((table) => table.name === 'kysely_migration')) return []
  const rows = await db
    .withTables<{ kysely_migration: { name: string } }>()
    .selectFrom('kysely_migration')
    .select('name')
    .execute()
  return rows.map((row) => row.name)
}
