import { formerTitleIdentifiers } from './identity.ts'
import type { ElsewhereRecord, Identifier, VersionRecord } from './paper.ts'
import { type PaperRow, type PaperState, withDerivedColumns } from './paper-state.ts'
import { isArchives, isArchivesLastWord, takesPlace, writeTrust } from './text-trust.ts'

/**
 * Union of what is stored and what came in: texts by how far they are to be trusted, in whatever order they come; what
 * else is known stays, whatever is missing is filled, sets only grow. The archive's own word about a version not older
 * than ours replaces all of it. Returns the same object when nothing new came, so that reading a file twice writes nothing.
 */
export function mergePaper(stored: PaperState, incoming: PaperState): PaperState {
  const wins = isArchivesLastWord(stored, incoming)
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
  const texts = textsOf(stored, incoming)
  const titled = texts.title
  row.title = titled.row.title
  row.title_raw = titled.row.title_raw
  row.title_hash = titled.row.title_hash
  row.abstract = texts.abstract.row.abstract
  row.abstract_raw = texts.abstract.row.abstract_raw
  const categories = mergeCategories(stored, incoming)
  const trust = {
    title: titled.trust.title,
    abstract: texts.abstract.trust.abstract,
    authors: texts.authors.trust.authors,
    categories: categories.trust,
  }
  row.text_trust = writeTrust(trust)
  const merged = withDerivedColumns({
    ...stored,
    // Until it is stored, a paper whose texts are the archive's keeps saying so: it may yet be joined with another.
    ...(wins ? { isTruth: true as const } : {}),
    titleKey: titled.titleKey,
    row,
    trust,
    identifiers: union(
      stored.identifiers,
      [...incoming.identifiers, ...formerTitles(titled === stored ? incoming : stored, titled)],
      (one) => `${one.source}:${one.id}`,
    ),
    // A title stands for an identifier only until somebody knows a real one, but old addresses keep working.
    authors: texts.authors.authors,
    authorKey: texts.authors.authorKey,
    categories: categories.list,
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

/** Which of the two each text is taken from. */
type Text = 'title' | 'abstract' | 'authors'

function textsOf(stored: PaperState, incoming: PaperState): Record<Text, PaperState> {
  const textOf: Record<Text, (state: PaperState) => string> = {
    title: ({ row }) => row.title_raw ?? row.title,
    abstract: ({ row }) => row.abstract_raw ?? row.abstract ?? '',
    authors: ({ authors }) => (authors.length === 0 ? '' : JSON.stringify(authors)),
  }
  const choose = (text: Text): PaperState =>
    takesPlace(
      { text: textOf[text](stored), trust: stored.trust[text] },
      { text: textOf[text](incoming), trust: incoming.trust[text] },
    )
      ? incoming
      : stored
  return { title: choose('title'), abstract: choose('abstract'), authors: choose('authors') }
}

/**
 * The archive's are final. Others are united: the first is that of the source that is trusted more, the rest are sorted,
 * so that they do not tell who came first.
 */
function mergeCategories(stored: PaperState, incoming: PaperState): { list: string[]; trust: number } {
  const [a, b] = [stored, incoming].map(({ categories, trust }) => ({ list: categories, trust: trust.categories }))
  if (!a || !b || b.list.length === 0) return a as { list: string[]; trust: number }
  if (a.list.length === 0 || isArchives(Math.max(a.trust, b.trust)))
    return a.list.length > 0 && a.trust > b.trust ? a : b
  if (a.list.join() === b.list.join()) return { list: a.list, trust: Math.max(a.trust, b.trust) }
  const [first, second] = [a.list[0] as string, b.list[0] as string]
  const primary = a.trust === b.trust ? (first < second ? first : second) : a.trust > b.trust ? first : second
  const others = [...new Set([...a.list, ...b.list])].filter((one) => one !== primary).sort()
  return { list: [primary, ...others], trust: Math.max(a.trust, b.trust) }
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
