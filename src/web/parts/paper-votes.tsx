import { dayInWords, type PaperDetail } from '../../papers/index.ts'
import type { PaperCommunity } from '../paper-community.ts'
import { siteName } from './card.tsx'
import { shortDay } from './dates.ts'
import { BadgeMark } from './honours.tsx'
import { VoteButton } from './vote-button.tsx'

type Props = { paper: PaperDetail; community: PaperCommunity; editor: string }

/** The upvote button of a paper's page, who upvoted, what the paper won, who picked and listed it. */
export function PaperVotes({ paper, community, editor }: Props) {
  const { card } = paper
  const { pick, reader, upvoters } = community
  const more = card.upvotes - upvoters.length
  return (
    <section class="standing" aria-label="Upvotes">
      <p class="vote-line">
        <VoteButton card={card} voted={reader.voted.has(card.id)} />
        <span>{upvoters.length === 0 ? 'Nobody has upvoted this paper yet' : 'upvoted by'}</span>
      </p>
      {upvoters.length > 0 && (
        <p class="upvoters">
          {upvoters.map(({ name }, index) => (
            <>
              {index > 0 && ', '}
              <span>{name}</span>
            </>
          ))}
          {more > 0 && <b class="others"> +{more}</b>}
        </p>
      )}
      {(card.badges || pick) && (
        <p class="honours">
          {pick && (
            <span class="mark pick" title={`${pick.name ? `By ${pick.name}, ` : ''}${shortDay(pick.at.slice(0, 10))}`}>
              Pick of {editor}
            </span>
          )}
          {card.badges?.map((badge) => (
            <BadgeMark badge={badge} />
          ))}
        </p>
      )}
      {card.listing && (
        <p class="listed">
          In the edition of <a href={`/papers/date/${card.listing.day}`}>{dayInWords(card.listing.day)}</a>
          {card.listing.submittedBy &&
            `, submitted by ${card.listing.submittedBy}${card.listing.site ? ` on ${siteName(card.listing.site)}` : ''}`}
        </p>
      )}
      {card.elsewhere.map((one) => (
        <p class="listed">
          {one.upvotes} {one.upvotes === 1 ? 'upvote' : 'upvotes'} on {siteName(one.site)}
        </p>
      ))}
    </section>
  )
}

/** What people said when they submitted the paper, and who of them are its authors. */
export function Remarks({ community }: { community: PaperCommunity }) {
  const { authors } = community
  const remarks = community.remarks.filter((remark) => remark.comment !== null)
  if (remarks.length === 0) return null
  return (
    <section class="remarks">
      <h2>Said when submitting</h2>
      {remarks.map((remark) => (
        <blockquote>
          <p>{remark.comment}</p>
          <footer>
            {remark.name}
            {authors.some((author) => author.id === remark.personId) && <span class="mark">author</span>}
            <span class="note">{shortDay(remark.at.slice(0, 10))}</span>
          </footer>
        </blockquote>
      ))}
    </section>
  )
}
