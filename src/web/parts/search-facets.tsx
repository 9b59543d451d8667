import { categoryName } from '../../papers/index.ts'
import type { ParsedQuery, SearchAnswer } from '../../search/index.ts'

/** More categories than this are noise: whoever wants another writes it. */
const CATEGORIES_SHOWN = 12
const YEARS_SHOWN = 10

type Facets = NonNullable<SearchAnswer['facets']>
type FacetsProps = { facets: Facets; query: ParsedQuery; address: (q: string) => string }

/** What there is to narrow the query by; undefined when that is nothing. */
export function offeredFacets(facets: Facets, query: ParsedQuery): Facets | undefined {
  const chosen = new Set(query.filter.categories?.filter((group) => group.length === 1).flat())
  const categories = facets.categories.filter(([category]) => !chosen.has(category)).slice(0, CATEGORIES_SHOWN)
  const years = facets.years.length > 1 ? facets.years.slice(0, YEARS_SHOWN) : []
  return categories.length > 0 || years.length > 0 ? { categories, years } : undefined
}

/** What the results are made of, as links that narrow the query. */
export function SearchFacets({ facets: { categories, years }, query, address }: FacetsProps) {
  return (
    <aside class="facets" id="narrow" aria-label="Narrow the search">
      {categories.length > 0 && (
        <section>
          <h2>Category</h2>
          <ul>
            {categories.map(([category, count]) => (
              <li>
                <a href={address(`${query.typed} cat:${category}`.trim())} rel="nofollow">
                  <span class="cat">{category}</span> <span>{categoryName(category) ?? ''}</span>
                </a>{' '}
                <small>{count.toLocaleString('en')}</small>
              </li>
            ))}
          </ul>
        </section>
      )}
      {years.length > 0 && (
        <section>
          <h2>Year</h2>
          <ul class="years">
            {years.map(([year, count]) => (
              <li>
                <a href={address(`${query.typed} date:${year}`.trim())} rel="nofollow">
                  {year}
                </a>{' '}
                <small>{count.toLocaleString('en')}</small>
              </li>
            ))}
          </ul>
        </section>
      )}
    </aside>
  )
}
