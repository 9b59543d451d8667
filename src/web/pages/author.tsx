import { AppError } from '../../errors.ts'
import { authorIds, authorName, authorPath, cardsOf, currentAnnouncementDay } from '../../papers/index.ts'
import { Layout } from '../layout.tsx'
import { listRequest } from '../list-request.ts'
import { MoreLink, PaperList } from '../parts/paper-list.tsx'
import { readerOf } from '../parts/reader.ts'
import { sendHtml } from '../respond.tsx'
import type { Page } from '../site.ts'

const PAPERS_PER_PAGE = 30

/** `/authors/ada-byron`: papers that name an author so. A name is not a person, and the page says it. */
export const authorPage: Page = async (request, site) => {
  const key = request.req.param('key') ?? ''
  const name = await authorName(site.db, key)
  if (name === undefined) throw new AppError('not_found', 'No paper stored here names an author like that.')
  const { ids, next } = await authorIds(site.db, key, listRequest(request, PAPERS_PER_PAGE))
  const cards = await cardsOf(site.db, ids, currentAnnouncementDay(site.clock()))
  return sendHtml(
    request,
    String(
      <Layout
        site={site}
        request={request}
        title={name}
        canonical={authorPath(key)}
        description={`Papers that name ${name} as an author, newest first.`}
      >
        <div class="lead">
          <div>
            <h1>{name}</h1>
            <p class="by-line">
              Papers by authors of this name, newest first. People who share a name share this page.
            </p>
          </div>
        </div>
        <PaperList cards={cards} reader={await readerOf(request, site, cards)} />
        <MoreLink path={authorPath(key)} next={next} />
      </Layout>,
    ),
  )
}
