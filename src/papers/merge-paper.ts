import { formerTitleIdentifiers } from './identity.ts'
import type { ElsewhereRecord, Identifier, VersionRecord } from './paper.ts'
import { type PaperRow, type PaperState, withDerivedColumns } from './paper-state.ts'

/**
 * Union of what is stored and what came in: whatever is known already stays, whatever is missing is filled, sets only
 * grow. The archive's own word about a version not older than ours replaces instead. Returns the same object when
 * nothing new came, so that reading a file twice writes nothing.
 */
export function mergePaper(stored: PaperState, incoming: PaperState): PaperState {
  const wins = incoming.isTruth === true && incoming.row.latest_version >= stored.row.latest_version
  const row: PaperRow = { ...stored.row }
  const fillable = [
    'submitted_at',
    'announced_on',
    'dated_on',
    'licence',
    'doi',
    'journal_ref',
    'comment',
    'summary',
    'submitter',
  ] as const
  for (const column of fillable) {
    const [first, second] = wins && column !== 'summary' ? [incoming, stored] : [stored, incoming]
    row[column] = first.row[column] ?? second.row[column]
  }
  row.updated_at = later(stored.row.updated_at, incoming.row.updated_at)
  if (wins) {
    for (const column of ['title', 'title_raw'] as const) row[column] = incoming.row[column] as string
    row.title_hash = incoming.row.title_hash
  }
  if (stored.row.abstract === null || (wins && incoming.row.abstract !== null)) {
    row.abstract = incoming.row.abstract
    row.abstract_raw = incoming.row.abstract_raw
  }
  const authored = stored.authors.length === 0 || (wins && incoming.authors.length > 0) ? incoming : stored
  const merged = withDerivedColumns({
    ...stored,
    // Until it is stored, a paper whose texts are the archive's keeps saying so: it may yet be joined with another.
    ...(wins ? { isTruth: true as const } : {}),
    titleKey: wins ? incoming.titleKey : stored.titleKey,
    row,
    identifiers: union(
      stored.identifiers,
      [...incoming.identifiers, ...formerTitles(wins ? stored : incoming, wins ? incoming : stored)],
      (one) => `${one.source}:${one.id}`,
    ),
    // A title stands for an identifier only until somebody knows a real one, but old addresses keep working.
    authors: authored.authors,
    authorKey: authored.authorKey,
    categories:
      wins && incoming.categories.length > 0
        ? incoming.categories
        : [...new Set([...stored.categories, ...incoming.categories])],
    versions: wins
      ? mergeVersions(incoming.versions, stored.versions)
      : mergeVersions(stored.versions, incoming.versions),
    links: union(
      stored.links,
      incoming.links,
      (link) => link.url,
      (old, fresh) => ({ ...old, ...fresh }),
    ),
    elsewhere: union(stored.elsewhere, incoming.elsewhere, (one) => one.site, newerObservation),
  })
  if (isSameState(stored, merged)) return stored
  return { ...merged, row: { ...merged.row, changed_at: incoming.row.changed_at } }
}

/** A title that gave way still finds the paper: records that know it by that title may come later. */
function formerTitles(other: PaperState, winner: PaperState): Identifier[] {
  if (other.titleKey === winner.titleKey) return []
  return formerTitleIdentifiers(other.titleKey, other.authorKey ?? winner.authorKey)
}

/** Counts change with time: the later observation wins, a dated one over one without; of two undated the larger. */
function newerObservation(old: ElsewhereRecord, fresh: ElsewhereRecord): ElsewhereRecord {
  if (old.observedAt || fresh.observedAt) return (fresh.observedAt ?? '') > (old.observedAt ?? '') ? fresh : old
  return fresh.upvotes > old.upvotes ? fresh : old
}

function mergeVersions(stored: readonly VersionRecord[], incoming: readonly VersionRecord[]): VersionRecord[] {
  const merged = union(
    stored,
    incoming,
    (one) => String(one.version),
    (old, fresh) => ({
      version: old.version,
      ...(old.submittedAt || fresh.submittedAt ? { submittedAt: old.submittedAt ?? fresh.submittedAt } : {}),
      // A source that knows says true or false; the others say nothing.
      ...((old.withdrawn ?? fresh.withdrawn) ? { withdrawn: true } : {}),
    }),
  )
  return merged.sort((a, b) => a.version - b.version)
}

function union<T>(
  stored: readonly T[],
  incoming: readonly T[],
  key: (item: T) => string,
  combine?: (old: T, fresh: T) => T,
): T[] {
  const byKey = new Map(stored.map((item) => [key(item), item]))
  for (const item of incoming) {
    const old = byKey.get(key(item))
    if (old === undefined) byKey.set(key(item), item)
    else if (combine) byKey.set(key(item), combine(old, item))
  }
  return [...byKey.values()]
}

const later = (a: string | null, b: string | null) => (a === null || (b !== null && b > a) ? b : a)

function isSameState(a: PaperState, b: PaperState): boolean {
  return JSON.stringify([a.row, parts(a)]) === JSON.stringify([b.row, parts(b)])
}

/** Everything beside the row itself, in a shape that compares equal when it means the same. */
function parts({ identifiers, categories, versions, links, elsewhere }: PaperState): unknown[] {
  const ids = identifiers.map(({ source, id }: Identifier) => [source, id])
  const dated = versions.map((one) => [one.version, one.submittedAt ?? null, one.withdrawn ?? false])
  const addresses = links.map((link) => [link.url, link.kind, link.stars ?? null])
  const counts = elsewhere.map((one) => [one.site, one.upvotes, one.comments ?? null, one.observedAt ?? null])
  return [ids, categories, dated, addresses, counts]
}
