import { type Db, dialectOf } from './dialect.ts'
import { nativeOf } from './sqlite.ts'

/** Results kept for each database; at some kilobytes each, a few megabytes in all. */
const RESULTS_KEPT = 300

type Kept = { stamp: string; value: Promise<unknown> }
const kept = new WeakMap<Db, Map<string, Kept>>()

/**
 * The result of reading, kept until the database changes in any way. SQLite itself counts the changes, those of other
 * programs too, so nothing stale is ever shown; on PostgreSQL, which has no such count, everything is read again.
 * `key` says all that the result depends on beside the data. What comes back is shared: do not change it.
 */
export function unlessChanged<T>(db: Db, key: string, read: () => Promise<T>): Promise<T> {
  if (dialectOf(db) !== 'sqlite' || db.isTransaction) return read()
  let results = kept.get(db)
  if (!results) {
    results = new Map()
    kept.set(db, results)
  }
  const stamp = changeStamp(db)
  const known = results.get(key)
  if (known?.stamp === stamp) return known.value as Promise<T>
  const value = read()
  results.delete(key)
  results.set(key, { stamp, value })
  // What failed is tried again by the next reader; who waits for it now is told by the promise itself.
  value.catch(() => results.delete(key))
  if (results.size > RESULTS_KEPT) results.delete(results.keys().next().value as string)
  return value
}

const stampQuery = 'select data_version || ? || total_changes() as stamp from pragma_data_version'

/** Two equal stamps mean that nothing was written in between, by us or by anybody else. */
function changeStamp(db: Db): string {
  const [row] = nativeOf(db).prepare(stampQuery).all(['/']) as { stamp: string }[]
  return row?.stamp ?? ''
}
