import { type Db, inTransaction } from '../../db/index.ts'
import { addLinks } from '../../papers/index.ts'
import { linksInText } from './links-in-text.ts'
import { changedTexts, enrichmentCursor, saveEnrichmentCursor } from './queries.ts'

const PAPERS_AT_ONCE = 500
const NAME = 'code-links'

/**
 * Looks for repositories and project pages in abstracts and comments of papers that changed since the last time. Nothing
 * is asked of anybody. Resumes from the number of the last change it has seen. Returns how many links were added.
 */
export async function findCodeLinks(db: Db): Promise<{ added: number; hasMore: boolean }> {
  const since = Number((await enrichmentCursor(db, NAME)) ?? 0)
  const papers = await changedTexts(db, since, PAPERS_AT_ONCE)
  const last = papers.at(-1)
  if (!last) return { added: 0, hasMore: false }
  return inTransaction(db, async (tx) => {
    let added = 0
    for (const { id, abstract, comment } of papers) {
      const links = linksInText(`${comment ?? ''}\n${abstract ?? ''}`)
      if (links.length > 0) added += await addLinks(tx, id, links)
    }
    await saveEnrichmentCursor(tx, NAME, String(last.seq))
    return { added, hasMore: papers.length === PAPERS_AT_ONCE }
  })
}
