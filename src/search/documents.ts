import type { Db } from '../db/index.ts'
import { canonicalCategory, type PaperId } from '../papers/index.ts'
import type { SearchDocument } from './port.ts'
import { documentRows, identifierRows, idsWithCode } from './queries.ts'

const MS_PER_DAY = 86_400_000

/** What the index is told of some papers, in no order; papers that are gone are missing. Three queries, whatever the number. */
export async function documentsOf(db: Db, ids: readonly PaperId[]): Promise<SearchDocument[]> {
  if (ids.length === 0) return []
  const rows = await documentRows(db, ids)
  const identifiers = Map.groupBy(await identifierRows(db, ids), (row) => row.paper_id)
  const withCode = await idsWithCode(db, ids)
  return rows.map((row) => ({
    id: row.id,
    title: row.title,
    authors: (JSON.parse(row.authors) as { name: string }[]).map((author) => author.name),
    abstract: row.abstract ?? row.summary ?? '',
    // One id per subject, as in every filter and count.
    categories: [...new Set(row.categories.split(' ').filter(Boolean).map(canonicalCategory))],
    identifiers: (identifiers.get(row.id) ?? []).filter(({ source }) => source !== 'title').map(({ id }) => id),
    day: Date.parse(`${row.sort_on}T00:00:00Z`) / MS_PER_DAY,
    hasCode: withCode.has(row.id),
    isWithdrawn: row.withdrawn_version !== null,
  }))
}
