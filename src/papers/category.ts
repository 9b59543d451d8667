import taxonomy from '../../data/arxiv-categories.json' with { type: 'json' }

/** `aliasOf` is the canonical category of which this one is a second name (`cs.NA` of `math.NA`). */
export type Category = { id: string; name: string; aliasOf?: string }
export type Archive = { id: string; name: string; categories: Category[] }
export type CategoryGroup = { id: string; name: string; archives: Archive[] }

const aliases = new Map(Object.entries<string>(taxonomy.aliases))
const retired = new Map(Object.entries<{ name: string; today: string }>(taxonomy.retired))

const groups: CategoryGroup[] = taxonomy.groups.map((group) => ({
  id: group.id,
  name: group.name,
  archives: group.archives.map((archive) => ({
    id: archive.id,
    name: archive.name,
    categories: Object.entries(archive.categories as Record<string, string>).map(([id, name]) => {
      const aliasOf = aliases.get(id)
      return aliasOf === undefined ? { id, name } : { id, name, aliasOf }
    }),
  })),
}))

const archives = groups.flatMap((group) => group.archives)
const categories = archives.flatMap((archive) => archive.categories)

const names = new Map([
  ...archives.map(({ id, name }) => [id, name] as const),
  ...[...retired].map(([id, { name }]) => [id, name] as const),
  ...categories.map(({ id, name }) => [id, name] as const),
])

// Old papers carry the bare name of three archives; the bare names of the others are no categories.
const known = new Set([...categories.map(({ id }) => id), ...retired.keys(), ...taxonomy.bareArchives])
const spelling = new Map([...known].map((id) => [id.toLowerCase(), id]))

/** arXiv's official name of a category, living or retired, or of an archive; undefined for anything else. */
export function categoryName(id: string): string | undefined {
  return names.get(id)
}

/**
 * One id per subject, for filters and counts: second names become the canonical one, retired archives the category that
 * took them over, and capitals are put right. An id that arXiv does not know comes back as it is.
 */
export function canonicalCategory(id: string): string {
  const spelled = spelling.get(id.toLowerCase()) ?? id
  return aliases.get(spelled) ?? retired.get(spelled)?.today ?? spelled
}

/** Whether arXiv ever used this id as a category: sources mix ACM and MSC classes into the same field. */
export function isKnownCategory(id: string): boolean {
  return known.has(id)
}

/** The categories of today in arXiv's order, second names included. */
export function categoryGroups(): CategoryGroup[] {
  return groups
}
