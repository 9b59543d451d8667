import { z } from 'zod'
import { type Db, inTransaction, lockForWriting, unlessChanged } from '../db/index.ts'
import { AppError } from '../errors.ts'
import { recordAdminAction } from './admin-action.ts'
import { deleteSetting, saveSetting, settingRows } from './admin-queries.ts'

type InstanceSetting<T> = {
  /** Values as the form and the table hold them: text. */
  type: z.ZodType<T, string>
  /** Text as well; the configuration may give another one. */
  fallback: string
  label: string
  about: string
  /** A closed list is shown as a choice, in these words. */
  choices?: Readonly<Record<string, string>>
}

const setting = <T>(row: InstanceSetting<T>): InstanceSetting<T> => row
const choice = <const C extends Readonly<Record<string, string>>>(
  choices: C,
): { type: z.ZodType<keyof C & string, string>; choices: C } => ({
  type: z.string().refine((value) => value in choices, {
    error: `expected one of: ${Object.keys(choices).join(', ')}`,
  }) as unknown as z.ZodType<keyof C & string, string>,
  choices,
})
const wholeNumber = (from: number, to: number) =>
  z
    .string()
    .trim()
    .regex(/^\d+$/, 'expected a whole number')
    .transform(Number)
    .pipe(z.number().min(from, `expected at least ${from}`).max(to, `expected at most ${to}`))
const line = z
  .string()
  .trim()
  .min(1, 'expected at least one character')
  .max(60, 'expected at most 60 characters')
  .regex(/^[^\p{C}]*$/u, 'expected one line of text')

/**
 * What administrators change while the site runs. Each is kept as text in the table `setting`; where nothing is kept,
 * the configuration's value or the fallback holds. A change is seen by the next request, in every process.
 */
export const instanceSettingTable = {
  name: setting({
    type: line,
    fallback: 'Daily Papers',
    label: 'Name of the site',
    about: 'Shown in the header, in titles and in mail.',
  }),
  editor: setting({
    type: line,
    fallback: 'the editors',
    label: 'Editor',
    about: 'As in "by EDITOR and the research community" and "Pick of EDITOR".',
  }),
  submitWho: setting({
    ...choice({
      anyone: 'Everybody who is signed in',
      authors: 'People with a confirmed claim to a paper, and editors',
      editors: 'Editors only',
    }),
    fallback: 'anyone',
    label: 'Who may submit papers',
    about: 'The submit page says so before its form.',
  }),
  submitMaxAgeDays: setting({
    type: wholeNumber(1, 36_500),
    fallback: '14',
    label: 'Oldest paper that can be submitted, in days',
    about: 'Counted from its announcement, or the date its source gives. Editors may submit older ones.',
  }),
  submitPerDay: setting({
    type: wholeNumber(1, 1_000),
    fallback: '5',
    label: 'Submissions per person and day',
    about: 'A day is an announcement day. Papers that were listed already do not count. Editors have no limit.',
  }),
  submitWeekends: setting({
    ...choice({
      open: 'Open: into the edition of Friday',
      closed: 'Closed on Saturdays and Sundays',
    }),
    fallback: 'open',
    label: 'Submitting at weekends',
    about: 'By the clock of New York. Editors may always submit.',
  }),
  canary: setting({
    type: z.union([z.literal(''), z.email('expected an address such as you@example.org')]) as z.ZodType<string, string>,
    fallback: '',
    label: 'Canary address',
    about:
      'Gets each day’s digest first, as soon as the day is complete. If the mail server refuses it, no reader gets mail about that day. Empty: no canary.',
  }),
} as const satisfies Record<string, InstanceSetting<unknown>>

type Table = typeof instanceSettingTable
export type InstanceSettingName = keyof Table
export type InstanceSettings = { readonly [Name in InstanceSettingName]: z.output<Table[Name]['type']> }
/** What the configuration says where no administrator has said anything. */
export type SettingDefaults = { readonly [Name in InstanceSettingName]?: string }

const names = Object.keys(instanceSettingTable) as InstanceSettingName[]

export const isInstanceSetting = (name: string): name is InstanceSettingName =>
  Object.hasOwn(instanceSettingTable, name)

/** The settings in force. Shared between callers while nothing changes: do not change it. */
export function instanceSettings(db: Db, defaults: SettingDefaults): Promise<InstanceSettings> {
  return unlessChanged(db, `instance settings ${defaults.name} ${defaults.editor}`, async () => {
    const kept = await settingRows(db)
    return Object.freeze(
      Object.fromEntries(names.map((name) => [name, inForce(name, kept.get(name), defaults[name])])),
    ) as InstanceSettings
  })
}

/** What is kept but no longer allowed, say by a newer program with narrower rules, gives way to the default. */
function inForce(name: InstanceSettingName, kept: string | undefined, configured: string | undefined): unknown {
  const { type, fallback } = instanceSettingTable[name]
  for (const text of [kept, configured]) {
    if (text === undefined) continue
    const result = type.safeParse(text)
    if (result.success) return result.data
  }
  return type.parse(fallback)
}

export type SettingState = { name: InstanceSettingName; text: string; isDefault: boolean }

/** Every setting as text, and whether somebody has changed it here: for the form. */
export async function settingStates(db: Db, defaults: SettingDefaults): Promise<SettingState[]> {
  const kept = await settingRows(db)
  return names.map((name) => ({
    name,
    text: kept.get(name) ?? defaults[name] ?? instanceSettingTable[name].fallback,
    isDefault: !kept.has(name),
  }))
}

export type SettingChange = { actorId: string; at: Date; undoes?: number }

/**
 * Changes settings, all or none; null goes back to the default. Throws `bad_request` naming every value that is not
 * allowed. Each setting that really changes gets its line in the log. Returns their names.
 */
export function changeSettings(
  db: Db,
  wanted: Partial<Record<InstanceSettingName, string | null>>,
  change: SettingChange,
): Promise<InstanceSettingName[]> {
  const problems: string[] = []
  const texts = new Map<InstanceSettingName, string | null>()
  for (const [name, text] of Object.entries(wanted) as [InstanceSettingName, string | null][]) {
    const { type, label } = instanceSettingTable[name]
    const result = text === null ? undefined : type.safeParse(text)
    if (result && !result.success)
      problems.push(`${label}: ${result.error.issues.map((one) => one.message).join('; ')}`)
    else texts.set(name, text === null ? null : text.trim())
  }
  if (problems.length > 0) throw new AppError('bad_request', `Nothing was changed. ${problems.join('. ')}.`)
  return inTransaction(db, async (tx) => {
    await lockForWriting(tx, 'instance settings')
    const kept = await settingRows(tx)
    const changed: InstanceSettingName[] = []
    for (const [name, text] of texts) {
      const before = kept.get(name) ?? null
      if (before === text) continue
      if (text === null) await deleteSetting(tx, name)
      else await saveSetting(tx, name, text)
      await recordAdminAction(tx, {
        ...change,
        kind: 'setting.change',
        subject: `setting:${name}`,
        before,
        after: text,
      })
      changed.push(name)
    }
    return changed
  })
}
