import { raw } from 'hono/html'
import { type FoundPaper, markerFor, type ParsedQuery } from '../../search/index.ts'
import { Byline, Marks } from './card.tsx'
import { shortDay } from './dates.ts'
import { markedHtml } from './marked-html.ts'
import { paperAnchor, VoteButton } from './vote-button.tsx'

/** A longer sentence is cut where a word ends, unless maths is in it. */
const MAX_SENTENCE_LENGTH = 420

/** A paper that was found: title and the sentence that answers best, with what was looked for marked in both. */
export function Result({ found, query, voted }: { found: FoundPaper; query: ParsedQuery; voted: boolean }) {
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
            also here as <a href={copy.path}>{copy.publicId}</a>
          </span>
        ))}
        {why && query.typed && (
          <details class="why">
            <summary>Why this result</summary>
            <p>{whyText(why)}</p>
          </details>
        )}
      </div>
    </li>
  )
}

function whyText({ lexical, dense, words }: NonNullable<FoundPaper['why']>): string {
  const held = words.length > 0 ? `It holds ${words.join(', ')}.` : 'It holds none of your words.'
  const sum = lexical + dense
  if (sum <= 0) return `${held} Nothing in it was ranked by: it meets your conditions.`
  const share = Math.round((100 * lexical) / sum)
  return `${held} ${share} % of its score comes from the words and ${100 - share} % from the meaning.`
}

function cut(sentence: string): string {
  if (sentence.length <= MAX_SENTENCE_LENGTH || sentence.includes('$')) return sentence
  return `${sentence.slice(0, sentence.lastIndexOf(' ', MAX_SENTENCE_LENGTH))} …`
}
