import { type Db, inTransaction } from '../db/index.ts'
import { AppError } from '../errors.ts'
import { randomToken } from './address.ts'
import type { Finder } from './choose-papers.ts'
import {
  deleteSavedSearch,
  insertSavedSearch,
  markSearchSeen,
  newerOf,
  type SavedSearchRow,
  savedSearchesOf,
} from './saved-search-queries.ts'

export type SavedSearch = { id: string; name: string; query: string; seenAt: string; newCount: number | undefined }

const MOST = 100
/** Counted at most so far: "99+" says enough. */
const COUNTED = 100
/** New papers are looked for among those dated this long before they were last seen: some arrive late. */
const LATE_DAYS = 14

/** A person's searches with how many papers each has that came here since it was last marked as seen. */
export async function savedSearches(
  db: Db,
  finder: Finder | undefined,
  personId: string,
  now: Date,
): Promise<SavedSearch[]> {
  const rows = await savedSearchesOf(db, personId)
  return Promise.all(
    rows.map(async ({ id, name, query, seen_at }) => ({
      ...{ id, name, query, seenAt: seen_at },
      newCount: await countNew(db, finder, { query, seen_at }, now),
    })),
  )
}

async function countNew(
  db: Db,
  finder: Finder | undefined,
  { query, seen_at }: Pick<SavedSearchRow, 'query' | 'seen_at'>,
  now: Date,
): Promise<number | undefined> {
  if (!finder) return undefined
  const from = new Date(Date.parse(seen_at) - LATE_DAYS * 86_400_000).toISOString().slice(0, 10)
  const to = new Date(now.getTime() + 2 * 86_400_000).toISOString().slice(0, 10)
  const hits = await finder.search(query, { from, to }, COUNTED).catch(() => undefined) // no index yet: no number
  if (!hits) return undefined
  return newerOf(
    db,
    hits.map(({ id }) => id),
    seen_at,
  )
}

/** Keeps a search; the same one again changes its name. */
export function saveSearch(db: Db, personId: string, query: string, name: string, now: Date): Promise<void> {
  const text = query.trim()
  if (text === '' || text.length > 400)
    throw new AppError('bad_request', 'A search to keep has 1 to 400 characters. Search first, then keep it.')
  return inTransaction(db, async (tx) => {
    if ((await savedSearchesOf(tx, personId)).length >= MOST)
      throw new AppError('bad_request', `You keep ${MOST} searches already. Remove one first.`)
    const at = now.toISOString()
    await insertSavedSearch(tx, {
      ...{ id: randomToken(), person_id: personId, query: text, seen_at: at, created_at: at },
      name: name.trim().slice(0, 80) || text.slice(0, 80),
    })
  })
}

export const markSeen = (db: Db, personId: string, id: string, now: Date): Promise<void> =>
  markSearchSeen(db, personId, id, now.toISOString())

export const removeSearch = (db: Db, personId: string, id: string): Promise<void> => deleteSavedSearch(db, personId, id)
