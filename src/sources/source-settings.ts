import { z } from 'zod'
import { isKnownCategory } from '../papers/index.ts'
import type { CommonSettings } from './source.ts'
import { parseTerm } from './source-filter.ts'
import { findKind, sourceKinds } from './source-kinds.ts'

/** Followed until somebody says otherwise. */
export const defaultCategories: readonly string[] = ['cs.AI', 'cs.CL', 'cs.CV', 'cs.LG']
export const arxivName = 'arxiv'

const filters = z
  .array(
    z.string().superRefine((text, context) => {
      const term = parseTerm(text)
      if ('problem' in term) context.addIssue(term.problem)
    }),
  )
  .max(100)
  .default([])

/** arXiv itself: which categories, and what of their day goes into the edition. None followed means switched off. */
const arxivSettings = z.strictObject({
  categories: z
    .array(z.string().refine(isKnownCategory, { error: ({ input }) => `arXiv has no category "${input}"` }))
    .max(200)
    .default([...defaultCategories]),
  filters,
  /** Whether papers that are only cross-listed in a followed category come into the edition; stored they are anyhow. */
  crossLists: z.boolean().default(true),
})
export type ArxivChoice = z.output<typeof arxivSettings>

const common = z.object({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'expected small letters, digits and hyphens')
    .refine((name) => name !== arxivName, 'this name is taken: arXiv has settings of its own'),
  kind: z.enum(sourceKinds.map(({ kind }) => kind) as [string, ...string[]], {
    error: `expected one of: ${sourceKinds.map(({ kind }) => kind).join(', ')}`,
  }),
  title: z.string().trim().min(1).max(80).optional(),
  enabled: z.boolean().default(true),
  everyHours: z.number().min(0.25, 'expected at least a quarter of an hour').max(720).optional(),
  edition: z.boolean().default(true),
  filters,
})
const commonNames = new Set(Object.keys(common.shape))

/** A configured source, checked: `settings` fits its kind. */
export type ConfiguredSource = CommonSettings & { kind: string; settings: unknown }

/** What is wrong, with the place it is wrong at: `sources[2].url`. */
export type Problem = { at: string; message: string }
export type Checked<T> = { value: T } | { problems: Problem[] }

/** Checks one source as the file and the admin page give it. */
export function checkSource(given: unknown): Checked<ConfiguredSource> {
  const isObject = typeof given === 'object' && given !== null && !Array.isArray(given)
  if (!isObject)
    return { problems: [{ at: '', message: 'expected an object such as {"name": "…", "kind": "feed", …}' }] }
  const ours = common.safeParse(given)
  const kind = findKind(String((given as { kind?: unknown }).kind))
  const rest = Object.fromEntries(Object.entries(given).filter(([name]) => !commonNames.has(name)))
  const theirs = kind?.settings.safeParse(rest)
  const problems = [...problemsOf(ours), ...(theirs ? problemsOf(theirs) : [])]
  if (!ours.success || !theirs?.success || !kind) return { problems }
  return {
    value: { ...ours.data, everyHours: ours.data.everyHours ?? kind.everyHours, settings: theirs.data },
  }
}

export function checkArxiv(given: unknown): Checked<ArxivChoice> {
  const result = arxivSettings.safeParse(given)
  return result.success ? { value: result.data } : { problems: problemsOf(result) }
}

export type SourcesFile = { arxiv?: ArxivChoice; sources: ConfiguredSource[] }

/** Checks the whole file, and names every mistake in it. */
export function checkSourcesFile(given: unknown): Checked<SourcesFile> {
  const shape = z
    .strictObject({ arxiv: z.unknown().optional(), sources: z.array(z.unknown()).max(500).default([]) })
    .safeParse(given)
  if (!shape.success) return { problems: problemsOf(shape) }
  const problems: Problem[] = []
  const within = (place: string, found: Problem[]) =>
    problems.push(...found.map(({ at, message }) => ({ at: at ? `${place}.${at}` : place, message })))
  const arxiv = shape.data.arxiv === undefined ? undefined : checkArxiv(shape.data.arxiv)
  if (arxiv && 'problems' in arxiv) within('arxiv', arxiv.problems)
  const sources: ConfiguredSource[] = []
  const seen = new Set<string>()
  for (const [index, one] of shape.data.sources.entries()) {
    const checked = checkSource(one)
    if ('problems' in checked) within(`sources[${index}]`, checked.problems)
    else if (seen.has(checked.value.name))
      within(`sources[${index}]`, [{ at: 'name', message: `"${checked.value.name}" is used twice` }])
    else {
      seen.add(checked.value.name)
      sources.push(checked.value)
    }
  }
  if (problems.length > 0) return { problems }
  return { value: { sources, ...(arxiv && 'value' in arxiv ? { arxiv: arxiv.value } : {}) } }
}

function problemsOf(result: z.ZodSafeParseResult<unknown>): Problem[] {
  if (result.success) return []
  return result.error.issues.map((issue) => ({
    at: issue.path
      .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
      .join('')
      .replace(/^\./, ''),
    message: inWords(issue),
  }))
}

function inWords(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `there is no setting ${issue.keys.map((key) => `"${key}"`).join(', ')}`
  if (issue.code === 'invalid_format' && issue.format === 'url')
    return 'expected an address such as https://example.org/feed'
  const [, expected] = /expected (\w+), received undefined/.exec(issue.message) ?? []
  return expected ? `it is missing; expected ${expected === 'array' ? 'a list' : expected}` : issue.message
}

/** Mistakes as lines for a person. */
export function describeProblems(problems: readonly Problem[]): string {
  return problems.map(({ at, message }) => `  ${at || 'the file'}: ${message}`).join('\n')
}
