import { z } from 'zod'
import { AppError } from '../errors.ts'

/** What a subscription is about. Stored as JSON; what cannot be read any more ends in a clear error, never in other mail. */
export const wantSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('edition') }),
  z.object({ kind: z.literal('trending') }),
  z.object({ kind: z.literal('categories'), categories: z.array(z.string().min(1).max(40)).min(1).max(30) }),
  z.object({ kind: z.literal('authors'), authors: z.array(z.string().min(1).max(120)).min(1).max(200) }),
  z.object({ kind: z.literal('search'), query: z.string().min(1).max(400), name: z.string().max(80).optional() }),
  z.object({ kind: z.literal('similar'), papers: z.array(z.string().min(1).max(200)).min(1).max(50) }),
  z.object({
    kind: z.literal('picks'),
    /** `editors`, or the id of a person whose submissions are wanted; `more` of them make a group. */
    who: z.string().min(1).max(80),
    name: z.string().max(80).optional(),
    more: z
      .array(z.object({ who: z.string().min(1).max(80), name: z.string().max(80) }))
      .max(19)
      .optional(),
  }),
])
export type Want = z.output<typeof wantSchema>
export type WantKind = Want['kind']
export const wantKinds = ['edition', 'trending', 'categories', 'authors', 'search', 'similar', 'picks'] as const

/** Those that are the same for all who want them; the others are chosen for each reader. */
export const isShared = (want: Want): boolean => want.kind === 'edition' || want.kind === 'trending'

export function readWant(json: string): Want {
  const parsed = wantSchema.safeParse(JSON.parse(json))
  if (!parsed.success) throw new AppError('internal', `A subscription wants something unknown: ${json.slice(0, 200)}`)
  return parsed.data
}

/** What the mail is called, at the head of its subject. */
export function wantTitle(want: Want): string {
  switch (want.kind) {
    case 'edition':
      return 'Daily papers'
    case 'trending':
      return 'Trending papers'
    case 'categories':
      return `New in ${listed(want.categories, 3)}`
    case 'authors':
      return want.authors.length === 1 ? `New by ${want.authors[0]}` : 'New by authors you follow'
    case 'search':
      return want.name || `Search: ${want.query}`
    case 'similar':
      return 'Like the papers you named'
    case 'picks':
      return want.who === 'editors' ? 'Picks of the editors' : `Submitted by ${listed(pickersOf(want), 2)}`
  }
}

/** The same as a line about a subscription: `the edition of the day`. */
export function wantSentence(want: Want): string {
  switch (want.kind) {
    case 'edition':
      return 'the papers of the day'
    case 'trending':
      return 'trending papers'
    case 'categories':
      return `new papers in ${listed(want.categories, 6)}`
    case 'authors':
      return `new papers by ${listed(want.authors, 4)}`
    case 'search':
      return `new papers for the search “${want.name || want.query}”`
    case 'similar':
      return `new papers like ${listed(want.papers, 3)}`
    case 'picks':
      return want.who === 'editors'
        ? 'what the editors pick'
        : `what ${listed(pickersOf(want), 4)} submit${want.more?.length ? '' : 's'}`
  }
}

type Picks = Extract<Want, { kind: 'picks' }>

/** Those whose submissions are wanted, by name. */
export const pickersOf = ({ who, name, more = [] }: Picks): string[] =>
  who === 'editors' ? [] : [name ?? 'one reader', ...more.map((one) => one.name)]

function listed(items: readonly string[], most: number): string {
  const shown = items.slice(0, most).join(', ')
  return items.length > most ? `${shown} and ${items.length - most} more` : shown
}
