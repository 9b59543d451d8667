import {
  defaultSettings,
  personNamed,
  pickersOf,
  type SubscriptionSettings,
  settingsSchema,
  submittersNamed,
  type Want,
} from '../digest/index.ts'
import { AppError } from '../errors.ts'
import { isKnownCategory } from '../papers/index.ts'
import type { Request, Site } from './site.ts'

type Field = (name: string) => string

/** What the fields of the form hold: of settings that are kept, or as somebody typed them. */
export type SubscriptionValues = Record<
  'kind' | 'categories' | 'authors' | 'query' | 'papers' | 'people' | 'rhythm' | 'hour' | 'zone' | 'length',
  string
> & { weekdays: readonly string[] }

const texts = ['categories', 'authors', 'query', 'papers', 'people', 'rhythm', 'hour', 'zone', 'length'] as const

/** The days that are marked in a form. */
export async function weekdaysOf(request: Request): Promise<string[]> {
  const { weekdays = [] } = await request.req.parseBody({ all: true })
  return [weekdays].flat().filter((day): day is string => typeof day === 'string')
}

/** The form for settings. Somebody's submissions are a field of names; the editors' picks need none. */
export function valuesOf({ want, rhythm, weekdays, hour, zone, length }: SubscriptionSettings): SubscriptionValues {
  const people = want.kind === 'picks' ? pickersOf(want) : []
  return {
    kind: people.length > 0 ? 'people' : want.kind,
    categories: want.kind === 'categories' ? want.categories.join(', ') : '',
    authors: want.kind === 'authors' ? want.authors.join(', ') : '',
    query: want.kind === 'search' ? want.query : '',
    papers: want.kind === 'similar' ? want.papers.join(', ') : '',
    people: people.join(', '),
    ...{ rhythm, weekdays: weekdays.map(String), hour: String(hour), zone, length: String(length) },
  }
}

/** What was typed, to be shown again beside what is wrong with it. */
export function typedValues(
  field: Field,
  weekdays: readonly string[],
  before: SubscriptionSettings,
): SubscriptionValues {
  const kept = valuesOf(before)
  const typed = Object.fromEntries(texts.map((name) => [name, field(name) || kept[name]]))
  return { ...kept, ...typed, kind: field('kind') || kept.kind, weekdays }
}

/** The settings that a form or an address names; what it leaves out is as it was. Throws `bad_request` in a sentence. */
export async function readSettings(
  db: Site['db'],
  field: Field,
  weekdays: readonly string[],
  before: SubscriptionSettings,
): Promise<SubscriptionSettings> {
  refuseMixedWishes(field, before)
  const number = (name: string, otherwise: number) => (field(name) === '' ? otherwise : Number(field(name)))
  const parsed = settingsSchema.safeParse({
    want: await wantOf(db, field, before.want),
    rhythm: field('rhythm') || before.rhythm,
    weekdays: weekdays.length > 0 ? weekdays.map(Number) : before.weekdays,
    hour: number('hour', before.hour),
    zone: field('zone') || before.zone,
    length: number('length', before.length),
  })
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const name = String(issue?.path[0])
  throw new AppError('bad_request', `${fieldNames[name] ?? name}: ${issue?.message}.`)
}

const wishFields = [
  ['categories', 'categories'],
  ['authors', 'authors'],
  ['query', 'search'],
  ['papers', 'similar'],
  ['people', 'people'],
] as const

/** Without script, typing into a field does not choose it. Better asked again than the wrong mail for months. */
function refuseMixedWishes(field: Field, before: SubscriptionSettings): void {
  const kept = valuesOf(before)
  const kind = field('kind')
  const typed = wishFields.filter(([name]) => field(name) !== '' && field(name) !== kept[name])
  const chosen = wishFields.find(([, of]) => of === kind)
  if (typed.length === 0 || kind === '' || (chosen && field(chosen[0]) !== '')) return
  const [[name] = ['']] = typed
  throw new AppError(
    'bad_request',
    `You typed "${field(name).slice(0, 60)}", but marked another line. Mark the line that you want, and send the form again.`,
  )
}

const fieldNames: Record<string, string> = {
  ...{ want: 'What', rhythm: 'How often', weekdays: 'Days' },
  ...{ hour: 'Hour', zone: 'Time zone', length: 'How many papers' },
}

/** The settings that links to the form carry in their address; what makes no sense is passed over. */
export async function suggestedSettings(db: Site['db'], field: Field, zone: string): Promise<SubscriptionSettings> {
  try {
    return await readSettings(db, field, [], defaultSettings(zone))
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return defaultSettings(zone) // an old or mistyped link still opens the form
  }
}

async function wantOf(db: Site['db'], field: Field, before: Want): Promise<Want> {
  const list = (name: string) =>
    field(name)
      .split(/[,;\n]/)
      .map((one) => one.trim())
      .filter((one) => one !== '')
  switch (field('kind')) {
    case 'edition':
      return { kind: 'edition' }
    case 'trending':
      return { kind: 'trending' }
    case 'categories':
      return { kind: 'categories', categories: categoriesOf(list('categories')) }
    case 'authors':
      return { kind: 'authors', authors: filled(list('authors'), 'Name at least one author.') }
    case 'search':
      if (field('query') === '') throw new AppError('bad_request', 'Type the search that the mail is for.')
      return { kind: 'search', query: field('query') }
    case 'similar':
      return {
        kind: 'similar',
        papers: filled(list('papers'), 'Name at least one paper by its id, such as 1706.03762.'),
      }
    case 'people':
      return peopleWant(db, filled(list('people'), 'Name somebody who submits papers here.'))
    case 'picks': {
      const who = field('who') || 'editors'
      const name = who === 'editors' ? undefined : await personNamed(db, who)
      return { kind: 'picks', who, ...(name ? { name } : {}) }
    }
    case '':
      return before
    default:
      throw new AppError('bad_request', `There is no mail about "${field('kind').slice(0, 40)}".`)
  }
}

/** As arXiv writes them, `cs.CL`, whatever was typed; other sources have categories of their own. */
function categoriesOf(names: string[]): string[] {
  return filled(names, 'Name at least one category, such as cs.CL.').map((name) => {
    const [archive = '', subject] = name.split('.')
    const usual = subject ? `${archive.toLowerCase()}.${subject.toUpperCase()}` : archive.toLowerCase()
    const found = [name, usual, subject ? `${archive.toLowerCase()}.${subject.toLowerCase()}` : name].find(
      isKnownCategory,
    )
    return found ?? name
  })
}

async function peopleWant(db: Site['db'], names: string[]): Promise<Want> {
  const found = await submittersNamed(db, names.slice(0, 20))
  const missing = names.find((name) => !found.some((one) => one.name.toLowerCase() === name.toLowerCase()))
  if (missing) throw new AppError('bad_request', `Nobody called "${missing.slice(0, 80)}" has submitted papers here.`)
  const [first, ...more] = found.map(({ id, name }) => ({ who: id, name: name.slice(0, 80) }))
  return { kind: 'picks', ...(first as { who: string; name: string }), ...(more.length > 0 ? { more } : {}) }
}

function filled(items: string[], message: string): string[] {
  if (items.length === 0) throw new AppError('bad_request', message)
  return items
}
