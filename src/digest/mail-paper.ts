import type { Db } from '../db/index.ts'
import { renderTexPlain } from '../lib/tex/index.ts'
import { authorKey, type Card, cardsOf, hideWithdrawn, type PaperId } from '../papers/index.ts'
import { paperTexts } from './paper-queries.ts'

/** A paper as a mail shows it, in words only: frozen with the issue, so that a second try says the same. */
export type MailPaper = {
  id: PaperId
  /** `/papers/2601.00001` */
  path: string
  /** Readable text: maths as Unicode where it can be. */
  title: string
  authors: { name: string; key: string }[]
  authorCount: number
  upvotes: number
  comments: number
  /** Votes on other sites, in words. Absent in what was frozen before they were shown. */
  elsewhere?: string[]
  /** Two lines. */
  summary?: string
  /** The summary is the abstract's beginning, not somebody's own words. */
  isAbstract: boolean
  categories: string[]
  day?: string
  mark?: string
  links: { label: string; url: string }[]
}

const siteNames: Record<string, string> = { huggingface: 'Hugging Face' }

/** About two lines of a mail. */
const SUMMARY_LENGTH = 190
/** Beyond the few that are shown, those whom a reader follows are looked for. */
const AUTHORS_KEPT = 30
const MAX_TITLE = 300

/** Loads papers in the order of their ids; those that are gone or withdrawn are left out. */
export async function loadMailPapers(db: Db, ids: readonly PaperId[], today: string): Promise<MailPaper[]> {
  const cards = await cardsOf(db, ids, today, hideWithdrawn)
  const texts = await paperTexts(
    db,
    cards.map(({ id }) => id),
  )
  const byId = new Map(texts.map((text) => [text.id, text]))
  return cards.map((card) => mailPaperOf(card, byId.get(card.id)))
}

function mailPaperOf(
  card: Card,
  text: { summary: string | null; abstract: string | null; authors: string } | undefined,
): MailPaper {
  const words = text?.summary ?? text?.abstract
  const paper: MailPaper = {
    id: card.id,
    path: card.path,
    title: shorten(renderTexPlain(card.title), MAX_TITLE),
    authors: authorsOf(text?.authors).map(({ name }) => ({ name, key: authorKey(name) })),
    authorCount: card.authorCount,
    upvotes: card.upvotes,
    comments: card.comments,
    elsewhere: card.elsewhere.map(({ site, upvotes }) => `${upvotes} on ${siteNames[site] ?? site}`),
    isAbstract: !text?.summary,
    categories: card.categories.slice(0, 4),
    links: linksOf(card),
  }
  if (words) paper.summary = shorten(renderTexPlain(words).replaceAll(/\s+/g, ' ').trim(), SUMMARY_LENGTH)
  const day = card.listing?.day ?? card.dated?.day
  if (day) paper.day = day
  const [mark] = card.marks
  if (mark?.kind === 'updated') paper.mark = `updated, version ${mark.version}`
  return paper
}

/** More than a card has: the reader may follow the last one. */
const authorsOf = (json = '[]') => (JSON.parse(json) as { name: string }[]).slice(0, AUTHORS_KEPT)

function linksOf(card: Card): MailPaper['links'] {
  const links: MailPaper['links'] = []
  if (card.identifier.source === 'arxiv') {
    links.push(
      { label: 'arXiv', url: `https://arxiv.org/abs/${card.identifier.id}` },
      { label: 'PDF', url: `https://arxiv.org/pdf/${card.identifier.id}` },
    )
  } else if (card.identifier.source === 'doi') {
    links.push({ label: 'DOI', url: `https://doi.org/${card.identifier.id}` })
  }
  const code = card.links.find(({ kind }) => kind === 'code')
  if (code && /^https?:\/\//.test(code.url)) links.push({ label: 'Code', url: code.url })
  return links
}

/** Cuts at the end of a sentence if one is near, else at a word. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text
  const cut = text.slice(0, length)
  const sentence = Math.max(cut.lastIndexOf('. '), cut.lastIndexOf('? '), cut.lastIndexOf('! '))
  if (sentence > length * 0.6) return cut.slice(0, sentence + 1)
  const space = cut.lastIndexOf(' ')
  // Half of a surrogate pair must not be left standing.
  return `${cut.slice(0, space > length * 0.6 ? space : length - 1).replace(/[\s,;:(\uD800-\uDBFF]+$/, '')} …`
}
