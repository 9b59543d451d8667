import { raw } from 'hono/html'
import { renderTexHtml } from '../../lib/tex/index.ts'
import type { Card } from '../../papers/index.ts'
import type { SimilarPapers } from '../../search/index.ts'
import { Byline } from './card.tsx'

/** The section of a paper's page that leads on to papers like it. */
export function Similar({ card, similar: { similar, copies } }: { card: Card; similar: SimilarPapers }) {
  if (similar.length === 0 && copies.length === 0) return null
  return (
    <section class="similar">
      <h2>Similar papers</h2>
      {copies.length > 0 && (
        <p>
          The same work is also here as{' '}
          {copies.map((copy, n) => (
            <>
              {n > 0 && ', '}
              <a href={copy.path}>{copy.publicId}</a>
            </>
          ))}
          .
        </p>
      )}
      <ul>
        {similar.map((one) => (
          <li>
            <a href={one.path}>{raw(renderTexHtml(one.title))}</a>
            <Byline card={one} />
          </li>
        ))}
      </ul>
      <p>
        <a href={`/papers?like=${encodeURIComponent(card.publicId)}`} rel="nofollow">
          All similar papers
        </a>
      </p>
    </section>
  )
}
