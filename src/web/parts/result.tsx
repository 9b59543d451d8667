import { raw } from 'hono/html'
import { type FoundPaper, hasWords, markerFor, type ParsedQuery, type Sorting } from '../../search/index.ts'
import { Byline, Marks } from './card.tsx'
import { shortDay } from './dates.ts'
import { markedHtml } from './marked-html.ts'
import type { Reader } from './reader.ts'
import { paperAnchor, VoteButton } from './vote-button.tsx'

/** A longer sentence is cut where a word ends, unless maths is in it. */
const MAX_SENTENCE_LENGTH = 420

type ResultsProps = { found: readonly FoundPaper[]; query: ParsedQuery; sort: Sorting; reader: Reader }

/** What was found: what is ranked, then the rest that hold the words, under a heading of its own. */
export function Results({ found, query, sort, reader }: ResultsProps) {
  const parts = [found.filter((one) => !one.isRest), found.filter((one) => one.isRest)]
  return (
    <>
      {parts.map((part, n) =>
        part.length === 0 ? null : (
          <>
            {n === 1 && <h2 class="rest">The others with your words, newest first</h2>}
            <ol class="results">
              {part.map((one) => (
                <Result found={one} query={query} sort={sort} voted={reader.voted.has(one.card.id)} />
              ))}
            </ol>
          </>
        ),
      )}
    </>
  )
}

type ResultProps = { found: FoundPaper; query: ParsedQuery; sort: Sorting; voted: boolean }

/** A paper that was found: title and the sentence that answers best, with what was looked for marked in both. */
function Result({ found, query, sort, voted }: ResultProps) {
  const { card, copies, why, sentence } = found
  const mark = markerFor(query, why?.words ?? [])
  const code = card.links.find((link) => link.kind === 'code')
  return (
    <li class="result">
      <h2 class="title">
        <a id={paperAnchor(card.publicId)} href={card.path}>
          {raw(markedHtml(card.title, mark))}
        </a>
        <Marks marks={card.marks} />
      </h2>
      <Byline card={card} />
      {sentence && <p class="sentence">{raw(markedHtml(cut(sentence), mark))}</p>}
      <div class="facts">
        <VoteButton card={card} voted={voted} />
        {card.dated && (
          <span>
            {card.dated.meaning} {shortDay(card.dated.day)}
          </span>
        )}
        {code && (
          <a href={code.url} rel="nofollow">
            Code{code.stars ? ` ★ ${code.stars}` : ''}
          </a>
        )}
        {card.categories.slice(0, 3).map((category) => (
          <a class="cat" href={`/categories/${category}`}>
            {category}
          </a>
        ))}
        <a href={`/papers?like=${encodeURIComponent(card.publicId)}`} rel="nofollow">
          Similar
        </a>
        {copies.map((copy) => (
          <span>
            also as <a href={copy.path}>{copy.publicId}</a>
          </span>
        ))}
        {why && query.typed && (
          <details class="why">
            <summary>Why this result</summary>
            <p>{whyText(why, query, sort)}</p>
          </details>
        )}
      </div>
    </li>
  )
}

function whyText({ lexical, dense, words }: NonNullable<FoundPaper['why']>, query: ParsedQuery, sort: Sorting): string {
  // Authors, categories, dates, beginnings narrow; nothing was asked that a paper could hold more or less of.
  const none = hasWords(query) ? 'It holds none of your words.' : 'It meets what you asked for.'
  const held = words.length > 0 ? `It holds ${words.join(', ')}.` : none
  const sum = lexical + dense
  if (sum <= 0)
    return hasWords(query)
      ? `${held} It meets what you asked for; here papers come by ${placeNames[sort]}.`
      : `It meets what you asked for; papers come by ${placeNames[sort]}.`
  const share = Math.round((100 * lexical) / sum)
  const parts = `Of its score of ${Math.round(100 * sum)} in 100, ${share} % come from the words and ${100 - share} % from the meaning.`
  return sort === 'upvotes' ? `${held} ${parts} Upvotes come first here.` : `${held} ${parts}`
}

const placeNames: Record<Sorting, string> = { relevance: 'date', newest: 'date', upvotes: 'upvotes' }

function cut(sentence: string): string {
  if (sentence.length <= MAX_SENTENCE_LENGTH || sentence.includes('$')) return sentence
  return `${sentence.slice(0, sentence.lastIndexOf(' ', MAX_SENTENCE_LENGTH))} …`
}
