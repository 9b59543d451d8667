import { AppError } from '../../errors.ts'
import {
  canonicalCategory,
  cardsOf,
  categoryGroups,
  categoryIds,
  categoryName,
  currentAnnouncementDay,
  isKnownCategory,
} from '../../papers/index.ts'
import { Layout } from '../layout.tsx'
import { listRequest } from '../list-request.ts'
import { MoreLink, PaperList } from '../parts/paper-list.tsx'
import { readerOf } from '../parts/reader.ts'
import { redirect, sendHtml } from '../respond.tsx'
import type { Page } from '../site.ts'

const PAPERS_PER_PAGE = 30

/** `/categories/cs.LG`: everything stored of a category, newest first. Aliases lead to the name in use. */
export const categoryPage: Page = async (request, site) => {
  const category = request.req.param('category') ?? ''
  const canonical = canonicalCategory(category)
  if (canonical !== category) return redirect(`/categories/${encodeURIComponent(canonical)}`, 301)
  const { ids, next } = await categoryIds(site.db, category, listRequest(request, PAPERS_PER_PAGE))
  const isKnown = isKnownCategory(category)
  if (ids.length === 0 && !isKnown)
    throw new AppError(
      'not_found',
      `There is no category "${category.slice(0, 40)}". The list of categories is at /categories.`,
    )
  const cards = await cardsOf(site.db, ids, currentAnnouncementDay(site.clock()))
  const name = categoryName(category) ?? category
  const path = `/categories/${encodeURIComponent(category)}`
  return sendHtml(
    request,
    String(
      <Layout
        site={site}
        request={request}
        title={`${name} (${category})`}
        canonical={path}
        description={`Papers in ${name}, newest first.`}
      >
        <div class="lead">
          <div>
            <h1>{name}</h1>
            <p class="by-line">
              <span class="cat">{category}</span> newest first, cross-lists included
            </p>
          </div>
        </div>
        {cards.length === 0 ? (
          <p class="notice">No papers of this category are stored here yet.</p>
        ) : (
          <PaperList cards={cards} reader={await readerOf(request, site, cards)} />
        )}
        <MoreLink path={path} next={next} />
      </Layout>,
    ),
  )
}

/** `/categories`: the whole taxonomy. */
export const categoriesPage: Page = (request, site) =>
  sendHtml(
    request,
    String(
      <Layout
        site={site}
        request={request}
        title="Categories"
        canonical="/categories"
        description="All categories of arXiv."
      >
        <div class="lead">
          <div>
            <h1>Categories</h1>
            <p class="by-line">arXiv's taxonomy</p>
          </div>
        </div>
        <div class="taxonomy">
          {categoryGroups().map((group) => (
            <section>
              <h2>{group.name}</h2>
              {shelvesOf(group).map(({ name, categories }) => (
                <>
                  {name && <h3>{name}</h3>}
                  <ul>
                    {categories.map((category) => (
                      <li>
                        <a class="cat" href={`/categories/${category.id}`}>
                          {category.id}
                        </a>{' '}
                        {category.name}
                      </li>
                    ))}
                  </ul>
                </>
              ))}
            </section>
          ))}
        </div>
      </Layout>,
    ),
  )

type Group = ReturnType<typeof categoryGroups>[number]
type Shelf = { name?: string; categories: Group['archives'][number]['categories'] }

/** Archives as they are printed: those of a single category together, and without a heading that would repeat it. */
function shelvesOf({ archives }: Group): Shelf[] {
  const lone = archives.filter((archive) => archive.categories.length === 1)
  const others = archives.filter((archive) => archive.categories.length > 1)
  const named = others.map(({ name, categories }) => (archives.length === 1 ? { categories } : { name, categories }))
  return lone.length > 0 ? [...named, { categories: lone.flatMap((archive) => archive.categories) }] : named
}
