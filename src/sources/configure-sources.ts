import { type Db, dropJob, enqueueJob, inTransaction } from '../db/index.ts'
import { AppError } from '../errors.ts'
import type { PaperRecord } from '../papers/index.ts'
import { recordAdminAction } from '../people/index.ts'
import { deleteSource, type SourceRow, saveSource, sourceRow, sourceRows } from './queries.ts'
import { createFilter, type Filter } from './source-filter.ts'
import {
  type ArxivChoice,
  arxivName,
  type ConfiguredSource,
  checkArxiv,
  checkSource,
  defaultCategories,
  describeProblems,
  type SourcesFile,
} from './source-settings.ts'

/** Which job polls a source; its key makes it one job a source. */
export const pollJob = (name: string) => ({ kind: 'gather-source', key: `gather-source:${name}`, payload: { name } })

/** `file`: named by PAPERROUND_SOURCES, changed there only. `admin`: made on the admin page. */
export type SourceOrigin = 'file' | 'admin'
export type SourceInForce = ConfiguredSource & { origin: SourceOrigin }

/** Every configured source beside arXiv. One that this program no longer understands is left out. */
export async function configuredSources(db: Db): Promise<SourceInForce[]> {
  return (await sourceRows(db)).flatMap((row) => {
    const source = row.kind === arxivName ? undefined : asSource(row)
    return source ? [source] : []
  })
}

export async function findSource(db: Db, name: string): Promise<SourceInForce | undefined> {
  const row = await sourceRow(db, name)
  return row && row.kind !== arxivName ? asSource(row) : undefined
}

function asSource(row: SourceRow): SourceInForce | undefined {
  const checked = checkSource(JSON.parse(row.settings))
  return 'value' in checked ? { ...checked.value, origin: row.origin as SourceOrigin } : undefined
}

/** What of arXiv is followed, and whether the file decides it. */
export async function arxivChoice(db: Db): Promise<ArxivChoice & { origin: SourceOrigin | 'default' }> {
  const row = (await sourceRows(db)).find(({ kind }) => kind === arxivName)
  const checked = row && checkArxiv(JSON.parse(row.settings))
  if (row && checked && 'value' in checked) return { ...checked.value, origin: row.origin as SourceOrigin }
  return { categories: [...defaultCategories], filters: [], crossLists: true, origin: 'default' }
}

/** Categories of arXiv that this instance follows; none means that arXiv is switched off. */
export async function followedCategories(db: Db): Promise<string[]> {
  return (await arxivChoice(db)).categories
}

/** Which papers of a source beside arXiv are taken. */
export async function editionFilter(db: Db, name: string): Promise<Filter> {
  return createFilter((await findSource(db, name))?.filters ?? [])
}

/** Of arXiv's day: which papers of a list go into the edition, by what they are and by how they were announced. */
export async function arxivEditionFilter(db: Db): Promise<(record: PaperRecord, kind?: string) => boolean> {
  const { filters, crossLists } = await arxivChoice(db)
  const passes = createFilter(filters)
  return (record, kind) => (crossLists || kind !== 'cross') && passes({ record })
}

/** Takes over what the file says: its sources replace those it named before; those made by hand stay. */
export function adoptSourcesFile(db: Db, file: SourcesFile | undefined, now: Date): Promise<void> {
  return inTransaction(db, async (tx) => {
    const wanted = new Map<string, { kind: string; settings: unknown; enabled: boolean }>()
    for (const source of file?.sources ?? [])
      wanted.set(source.name, { kind: source.kind, settings: flat(source), enabled: source.enabled })
    if (file?.arxiv) wanted.set(arxivName, { kind: arxivName, settings: file.arxiv, enabled: true })
    for (const row of await sourceRows(tx)) {
      if (row.origin === 'file' && !wanted.has(row.name)) await forget(tx, row.name)
    }
    for (const [name, { kind, settings, enabled }] of wanted) {
      const before = await sourceRow(tx, name)
      const text = JSON.stringify(settings)
      if (before?.origin === 'file' && before.settings === text) continue
      await store(tx, { name, kind, settings: text, enabled, origin: 'file' }, before, now)
    }
  })
}

/** Who changes something on the admin page, and when: it stands in the log, and can be taken back from there. */
export type SourceChange = { actorId: string; at: Date; undoes?: number }

/** Settings of a source, as the log keeps them; null where there is none. */
export async function sourceSettings(db: Db, name: string): Promise<unknown> {
  const row = await sourceRow(db, name)
  return row ? JSON.parse(row.settings) : null
}

/** Adds or changes a source from the admin page. Throws `bad_request` naming all mistakes. */
export async function changeSource(db: Db, given: unknown, change: SourceChange): Promise<ConfiguredSource> {
  const checked = checkSource(given)
  if ('problems' in checked)
    throw new AppError('bad_request', `Nothing was changed.\n${describeProblems(checked.problems)}`)
  const source = checked.value
  return inTransaction(db, async (tx) => {
    const before = await changeable(tx, source.name)
    await store(
      tx,
      {
        name: source.name,
        kind: source.kind,
        settings: JSON.stringify(flat(source)),
        enabled: source.enabled,
        origin: 'admin',
      },
      before,
      change.at,
    )
    await log(tx, source.name, before, change)
    return source
  })
}

/** Changes what of arXiv is followed, from the admin page. */
export async function changeArxiv(db: Db, given: unknown, change: SourceChange): Promise<ArxivChoice> {
  const checked = checkArxiv(given)
  if ('problems' in checked)
    throw new AppError('bad_request', `Nothing was changed.\n${describeProblems(checked.problems)}`)
  return inTransaction(db, async (tx) => {
    const before = await changeable(tx, arxivName)
    const settings = JSON.stringify(checked.value)
    await store(tx, { name: arxivName, kind: arxivName, settings, enabled: true, origin: 'admin' }, before, change.at)
    await log(tx, arxivName, before, change)
    return checked.value
  })
}

/** Removes a source; papers that came from it stay. */
export function removeSource(db: Db, name: string, change: SourceChange): Promise<void> {
  return inTransaction(db, async (tx) => {
    const before = await changeable(tx, name)
    if (!before) return
    await forget(tx, name)
    await log(tx, name, before, change)
  })
}

async function log(tx: Db, name: string, before: SourceRow | undefined, change: SourceChange): Promise<void> {
  await recordAdminAction(tx, {
    ...change,
    kind: 'source.change',
    subject: `source:${name}`,
    before: before ? JSON.parse(before.settings) : null,
    after: await sourceSettings(tx, name),
  })
}

/** Asks a source now, not at its next time. */
export async function pollNow(db: Db, name: string, now: Date): Promise<void> {
  const source = await findSource(db, name)
  if (!source) throw new AppError('not_found', `There is no source called "${name.slice(0, 40)}".`)
  await enqueueJob(db, { ...pollJob(name), hurry: true }, now)
}

async function changeable(tx: Db, name: string): Promise<SourceRow | undefined> {
  const row = await sourceRow(tx, name)
  if (row?.origin === 'file')
    throw new AppError('bad_request', `"${name}" comes from the file named by PAPERROUND_SOURCES: change it there.`)
  return row
}

/** One flat object, as the file has it. */
const flat = ({ settings, ...common }: ConfiguredSource) => ({ ...common, ...(settings as object) })

async function store(
  tx: Db,
  row: Pick<SourceRow, 'name' | 'kind' | 'settings' | 'origin'> & { enabled: boolean },
  before: SourceRow | undefined,
  now: Date,
): Promise<void> {
  const instant = now.toISOString()
  await saveSource(tx, {
    ...row,
    enabled: row.enabled ? 1 : 0,
    created_at: before?.created_at ?? instant,
    updated_at: instant,
  })
  if (row.kind === arxivName) return
  if (row.enabled) await enqueueJob(tx, { ...pollJob(row.name), hurry: true }, now)
  else await dropJob(tx, pollJob(row.name).key)
}

async function forget(tx: Db, name: string): Promise<void> {
  await deleteSource(tx, name)
  await dropJob(tx, pollJob(name).key)
}
