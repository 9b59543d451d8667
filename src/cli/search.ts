import { openContext, openSearchForCommand } from '../compose/index.ts'
import { readConfig } from '../config.ts'
import { AppError } from '../errors.ts'
import { renderTexPlain } from '../lib/tex/index.ts'
import { currentAnnouncementDay } from '../papers/index.ts'
import {
  type FoundPaper,
  paperNamedBy,
  type SearchAnswer,
  type Sorting,
  searchPapers,
  sortings,
} from '../search/index.ts'

const DEFAULT_LIMIT = 10
const MAX_LIMIT = 100
/** Names printed of a paper; the rest is counted. */
const AUTHORS_SHOWN = 3

type SearchOptions = { limit?: string; sort?: string; json?: boolean }

/** `paperround search QUERY`: what the site's search finds, in the terminal or as JSON. */
export async function run(words: string[], options: SearchOptions): Promise<number> {
  const config = readConfig(process.env)
  const limit = limitOf(options.limit)
  const sort = sortOf(options.sort)
  const typed = words.join(' ')
  // A link is no words: its identifier is one.
  const q = paperNamedBy(typed)?.identifier.id ?? typed
  await using context = await openContext(config, { command: 'search', alongside: true, existing: true })
  await using search = await openSearchForCommand(context, (share) =>
    console.error(`paperround: making the search index first: ${Math.floor(share * 100)} %`),
  )
  const today = currentAnnouncementDay(context.clock())
  const answer = await searchPapers(context.db, search, { q, limit, sort }, today)
  if (options.json) console.log(JSON.stringify(jsonOf(answer), null, 1))
  else print(answer)
  return 0
}

function limitOf(given: string | undefined): number {
  const limit = given === undefined ? DEFAULT_LIMIT : Number(given)
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT) return limit
  throw new AppError('bad_request', `--limit must be a whole number from 1 to ${MAX_LIMIT}, not "${given}".`)
}

function sortOf(given: string | undefined): Sorting {
  if (given === undefined) return 'relevance'
  if ((sortings as readonly string[]).includes(given)) return given as Sorting
  throw new AppError('bad_request', `--sort must be one of ${sortings.join(', ')}, not "${given}".`)
}

function jsonOf({ query, total, found, corrected, isNearest }: SearchAnswer) {
  return {
    query: query.typed,
    total,
    ...(query.mistakes.length > 0 ? { mistakes: query.mistakes } : {}),
    ...(corrected === undefined ? {} : { corrected }),
    ...(isNearest ? { nearestByMeaning: true } : {}),
    papers: found.map(({ card, copies, why, sentence }) => ({
      id: card.publicId,
      title: renderTexPlain(card.title),
      authors: card.authors.map((author) => author.name),
      authorCount: card.authorCount,
      categories: card.categories,
      ...(card.dated ? { date: card.dated.day, dateMeans: card.dated.meaning } : {}),
      upvotes: card.upvotes,
      links: card.links.map(({ kind, url }) => ({ kind, url })),
      ...(sentence ? { sentence: renderTexPlain(sentence) } : {}),
      ...(why ? { why } : {}),
      ...(copies.length > 0 ? { copies: copies.map((copy) => copy.publicId) } : {}),
    })),
  }
}

function print({ query, total, found, corrected, isNearest }: SearchAnswer): void {
  for (const mistake of query.mistakes) console.error(`paperround: ${mistake}`)
  if (corrected !== undefined) console.error(`paperround: did you mean: ${corrected}`)
  if (isNearest) console.error('paperround: nothing fits all of it; these are nearest by meaning')
  if (found.length === 0) console.error('paperround: nothing was found')
  for (const [n, one] of found.entries()) console.log(`${n + 1}. ${lines(one).join('\n   ')}\n`)
  if (total)
    console.log(`${total.toLocaleString('en')} ${total === 1 ? 'paper holds' : 'papers hold'} what you asked for.`)
}

function lines({ card, sentence }: FoundPaper): string[] {
  const more = card.authorCount - AUTHORS_SHOWN
  const names = card.authors.slice(0, AUTHORS_SHOWN).map((author) => author.name)
  const by = names.join(', ') + (more > 0 ? ` and ${more} more` : '')
  const facts = [card.publicId, by, card.categories.join(' '), card.dated?.day].filter(Boolean).join(' · ')
  return [renderTexPlain(card.title), facts, ...(sentence ? [renderTexPlain(sentence)] : [])]
}
