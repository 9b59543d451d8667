import { defaultSettings, type SubscriptionSettings, settingsSchema, type Want } from '../digest/index.ts'
import { AppError } from '../errors.ts'

type Field = (name: string) => string

/** The settings that a form or an address names; what it leaves out is as it was. Throws `bad_request` in a sentence. */
export function readSettings(
  field: Field,
  weekdays: readonly string[],
  before: SubscriptionSettings,
): SubscriptionSettings {
  const number = (name: string, otherwise: number) => (field(name) === '' ? otherwise : Number(field(name)))
  const parsed = settingsSchema.safeParse({
    want: wantOf(field, before.want),
    rhythm: field('rhythm') || before.rhythm,
    weekdays: weekdays.length > 0 ? weekdays.map(Number) : before.weekdays,
    hour: number('hour', before.hour),
    zone: field('zone') || before.zone,
    length: number('length', before.length),
  })
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const [name] = issue?.path ?? []
  throw new AppError('bad_request', `"${String(name)}" cannot be used: ${issue?.message}. Go back and change it.`)
}

/** The settings that links to the form carry in their address; what makes no sense is passed over. */
export function suggestedSettings(field: Field, zone: string): SubscriptionSettings {
  try {
    return readSettings(field, [], defaultSettings(zone))
  } catch {
    return defaultSettings(zone) // an old or mistyped link still opens the form
  }
}

function wantOf(field: Field, before: Want): Want {
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
      return {
        kind: 'categories',
        categories: filled(list('categories'), 'Name at least one category, such as cs.CL.'),
      }
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
    case 'picks': {
      if (before.kind === 'picks' && field('who') === before.who) return before
      return { kind: 'picks', who: field('who') || 'editors' }
    }
    case '':
      return before
    default:
      throw new AppError('bad_request', `There is no mail about "${field('kind').slice(0, 40)}".`)
  }
}

function filled(items: string[], message: string): string[] {
  if (items.length === 0) throw new AppError('bad_request', message)
  return items
}
