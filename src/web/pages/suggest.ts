import { renderTexPlain } from '../../lib/tex/index.ts'
import { currentAnnouncementDay } from '../../papers/index.ts'
import { suggest } from '../../search/index.ts'
import type { Page } from '../site.ts'

/** `/papers/suggest?q=...`: what the reader may be about to type, as JSON for the field in the header. */
export const suggestions: Page = async (request, site) => {
  const found = await suggest(site.db, site.search, request.req.query('q') ?? '', currentAnnouncementDay(site.clock()))
  const shown = found.map(({ kind, text, path }) => ({ kind, text: renderTexPlain(text), path }))
  // Typing the same letters again within a minute asks nobody.
  return Response.json(shown, { headers: { 'cache-control': 'private, max-age=60' } })
}
