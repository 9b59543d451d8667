import { HOURS_PER_DECADE, type HotnessReason, trendingPage } from '../../feed/index.ts'
import { Layout } from '../layout.tsx'
import { listRequest } from '../list-request.ts'
import { MoreLink, PaperList } from '../parts/paper-list.tsx'
import { readerOf } from '../parts/reader.ts'
import { SubscribeBox } from '../parts/subscribe-box.tsx'
import { sendHtml } from '../respond.tsx'
import type { Page } from '../site.ts'

const PAPERS_PER_PAGE = 30

/** `/papers/trending`: hot across days, each card with the numbers that put it there. */
export const trending: Page = async (request, site) => {
  const { cards, why, next } = await trendingPage(site.db, listRequest(request, PAPERS_PER_PAGE), site.clock())
  return sendHtml(
    request,
    String(
      <Layout
        site={site}
        request={request}
        title="Trending papers"
        canonical="/papers/trending"
        section="trending"
        description="Papers by upvotes and freshness, with the formula in the open."
      >
        <div class="lead">
          <div>
            <h1>Trending papers</h1>
            <p class="by-line">
              Upvotes and freshness: ten times the upvotes weigh as much as {HOURS_PER_DECADE} hours.{' '}
              <a href="/about#trending">The whole formula</a>
            </p>
          </div>
          <SubscribeBox site={site} />
        </div>
        {cards.length === 0 ? (
          <p class="notice">No paper has been listed yet.</p>
        ) : (
          <PaperList
            cards={cards}
            reader={await readerOf(request, site, cards)}
            why={(card) => whyText(why.get(card.id))}
          />
        )}
        <MoreLink path="/papers/trending" next={next} />
      </Layout>,
    ),
  )
}

function whyText(why: HotnessReason | undefined): string | undefined {
  if (!why) return undefined
  const votes = `${why.upvotes} ${why.upvotes === 1 ? 'upvote' : 'upvotes'}`
  const age = why.ageHours < 48 ? `${why.ageHours} h` : `${Math.floor(why.ageHours / 24)} days`
  return `Why here: listed ${age} ago, ${votes}${why.comments > 0 ? ` and ${why.comments} comments` : ''} worth ${why.votesWorthHours} h of freshness`
}
