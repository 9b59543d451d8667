import { AppError } from '../../errors.ts'
import { renderTexPlain } from '../../lib/tex/index.ts'
import {
  currentAnnouncementDay,
  findPaper,
  type PaperDetail,
  parsePublicId,
  toBibtex,
  toCslJson,
  toRis,
} from '../../papers/index.ts'
import { citationOf } from '../paper-citation.ts'
import { shortDay } from '../parts/dates.ts'
import type { Page, Request, Site } from '../site.ts'
import { paperIdText } from './paper.tsx'

const citationFormats = {
  '.bib': { type: 'application/x-bibtex; charset=utf-8', write: toBibtex },
  '.ris': { type: 'application/x-research-info-systems; charset=utf-8', write: toRis },
  '.csl.json': {
    type: 'application/vnd.citationstyles.csl+json; charset=utf-8',
    write: (paper: Parameters<typeof toCslJson>[0]) => JSON.stringify([toCslJson(paper)], null, 2),
  },
} as const
export type CitationEnding = keyof typeof citationFormats

/** `/papers/ID.bib`, `.ris`, `.csl.json`. */
export const paperCitation =
  (ending: CitationEnding): Page =>
  async (request, site) => {
    const paper = await paperOf(request, site, ending)
    const { type, write } = citationFormats[ending]
    return new Response(`${String(write(citationOf(site, request, paper))).trimEnd()}\n`, {
      headers: { 'content-type': type },
    })
  }

/** A picture belongs to what the paper says now; a changed title shows up after this long. */
const PICTURE_MAX_AGE_SECONDS = 86_400

/** `/papers/ID/card.png`: title and authors as a picture, for link previews and lists (`?size=list`). */
export const paperPicture: Page = async (request, site) => {
  const { card } = await paperOf(request, site, '/card.png')
  const size = request.req.query('size') === 'list' ? 'list' : 'share'
  const category = card.categories[0]
  const png = await site.pictures.png(
    {
      title: renderTexPlain(card.title),
      authors: card.authors
        .map((author) => author.name)
        .concat(Array.from({ length: card.authorCount - card.authors.length }, () => '')),
      kicker: [category, card.dated && shortDay(card.dated.day)].filter(Boolean).join(' · '),
      site: site.config.name,
      tint: category ?? card.publicId,
    },
    size,
  )
  return new Response(png as Uint8Array<ArrayBuffer>, {
    headers: { 'content-type': 'image/png', 'cache-control': `public, max-age=${PICTURE_MAX_AGE_SECONDS}` },
  })
}

async function paperOf(request: Request, site: Site, ending: string): Promise<PaperDetail> {
  const text = paperIdText(request).slice(0, -ending.length)
  const found = parsePublicId(text)
  const paper = found && (await findPaper(site.db, found.identifier, currentAnnouncementDay(site.clock())))
  if (!paper) throw new AppError('paper_not_found', `There is no paper "${text.slice(0, 80)}" here.`)
  return paper
}
