import { canonicalCategory, categoryGroups, isKnownCategory } from '../papers/index.ts'

const archives = new Map(
  categoryGroups()
    .flatMap((group) => group.archives)
    .map((archive) => [archive.id.toLowerCase(), archive]),
)

/**
 * What stands behind `cat:`: a category in any spelling, a whole archive (`cs`, `cs.*`), or several with commas: any of
 * them. `inUse`: ids of papers stored here that arXiv does not know. `near`: the categories of arXiv that end as an unknown one
 * does, such as `cs.LG` for `LG`.
 */
export function readCategories(
  text: string,
  inUse: ReadonlySet<string>,
): { categories: string[] } | { unknown: string; near: string[] } {
  const found = new Set<string>()
  for (const part of text.split(',')) {
    const archive = archives.get(part.toLowerCase().replace(/\.\*?$/, ''))
    if (archive && archive.categories.length > 1) {
      for (const { id } of archive.categories) found.add(canonicalCategory(id))
      // Old papers carry the bare name of the archive.
      if (isKnownCategory(archive.id)) found.add(archive.id)
      continue
    }
    const category = canonicalCategory(part)
    if (!isKnownCategory(category) && !inUse.has(category)) return { unknown: part, near: near(part) }
    found.add(category)
  }
  return { categories: [...found] }
}

function near(unknown: string): string[] {
  const end = `.${unknown.toLowerCase().split('.').at(-1)}`
  const known = [...archives.values()].flatMap(({ categories }) => categories.map(({ id }) => id))
  return known.filter((id) => id.toLowerCase().endsWith(end))
}

/** The categories a query names that arXiv does not know: who searches looks them up among the stored ones. */
export function unknownCategories(query: string): string[] {
  const named = [...query.matchAll(/(?:^|[\s-])cat(?:egory)?:"?([^\s"]{1,100})/gi)].flatMap((match) =>
    (match[1] as string).split(','),
  )
  return named.filter((one) => one !== '' && !isKnownCategory(canonicalCategory(one))).slice(0, 20)
}
