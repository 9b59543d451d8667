import { sql } from 'kysely'
import { type Db, dialectOf } from './dialect.ts'

/**
 * A transaction whose commit is on the disk when this returns, through a power cut too: for what must not be done a
 * second time, such as mail that went out. PostgreSQL does so by itself; SQLite is told to for this one commit.
 */
export async function inDurableTransaction<T>(db: Db, work: (tx: Db) => Promise<T>): Promise<T> {
  if (dialectOf(db) === 'postgres') return db.transaction().execute(work)
  // Others may use the connection in between; they then only wait for the disk as well.
  await sql`pragma synchronous = full`.execute(db)
  try {
    return await db.transaction().execute(work)
  } finally {
    await sql`pragma synchronous = normal`.execute(db)
  }
}
