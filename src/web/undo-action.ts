import { isDeepStrictEqual } from 'node:util'
import { type MailFlow, mailFlow, setMailFlow } from '../digest/index.ts'
import { excludeVotes, exclusionsOf } from '../discussion/index.ts'
import { AppError } from '../errors.ts'
import { hotness, type Place, pickOf, pickPaper, placeOf, rejudgeBadges, restorePlace } from '../feed/index.ts'
import type { PaperId } from '../papers/index.ts'
import {
  type AdminAction,
  type AdminActionKind,
  type ClaimState,
  changeRole,
  changeSettings,
  decideClaim,
  findClaim,
  findPerson,
  type InstanceSettingName,
  type Role,
  reaches,
  settingStates,
  suspendPerson,
  type Viewer,
} from '../people/index.ts'
import { changeArxiv, changeSource, removeSource, sourceSettings } from '../sources/index.ts'
import type { CurrentSite } from './site.ts'

type Change = { actorId: string; at: Date; undoes: number; reason?: string }
type Undoing = { site: CurrentSite; action: AdminAction; change: Change }
/** `now` reads how things are, in the form the log keeps them; `undo` puts back what was before. */
type Undo = { now: (of: Undoing) => Promise<unknown>; undo: (of: Undoing) => Promise<unknown> }

const idIn = (subject: string): string => subject.slice(subject.indexOf(':') + 1)
const paperIn = (subject: string): PaperId => Number(idIn(subject)) as PaperId

const setting: Undo = {
  now: async ({ site, action }) => {
    const state = (await settingStates(site.db, {})).find((one) => one.name === idIn(action.subject))
    return state && !state.isDefault ? state.text : null
  },
  undo: ({ site, action, change }) => {
    const name = idIn(action.subject) as InstanceSettingName
    return changeSettings(site.db, { [name]: action.before as string | null }, change)
  },
}
const role: Undo = {
  now: async ({ site, action }) => (await findPerson(site.db, idIn(action.subject)))?.role,
  undo: ({ site, action, change }) => changeRole(site.db, idIn(action.subject), action.before as Role, change),
}
const suspension: Undo = {
  now: async ({ site, action }) =>
    (await findPerson(site.db, idIn(action.subject)))?.blockedAt ? 'suspended' : 'active',
  undo: ({ site, action, change }) =>
    suspendPerson(site.db, idIn(action.subject), action.before === 'suspended' ? 'suspended' : 'restored', change),
}
type Excluded = { paperId: number; reason: string }
const votes: Undo = {
  now: async ({ site, action }) => {
    const { paperId } = (action.before ?? action.after) as Excluded
    const known = (await exclusionsOf(site.db, idIn(action.subject))).find((one) => (one.paperId ?? 0) === paperId)
    return known ? { paperId, reason: known.reason } : null
  },
  undo: async ({ site, action, change }) => {
    const personId = idIn(action.subject)
    const { paperId } = (action.before ?? action.after) as Excluded
    const of = { personId, ...(paperId === 0 ? {} : { paperId: paperId as PaperId }) }
    const reason = (action.before as Excluded | null)?.reason ?? `taken back: ${action.reason ?? 'no reason given'}`
    await excludeVotes(site.db, of, action.before ? 'excluded' : 'counted', { ...change, reason }, hotness)
    await rejudgeBadges(site.db, personId, change.at)
  },
}
const pick: Undo = {
  now: async ({ site, action }) => ((await pickOf(site.db, paperIn(action.subject))) ? 'picked' : null),
  undo: ({ site, action, change }) =>
    pickPaper(site.db, paperIn(action.subject), action.before === 'picked' ? 'picked' : 'none', change),
}
const place: Undo = {
  now: ({ site, action }) => placeOf(site.db, paperIn(action.subject)),
  undo: ({ site, action, change }) => restorePlace(site.db, paperIn(action.subject), action.before as Place, change),
}
type Decided = { personId: string; state: ClaimState }
const claim: Undo = {
  now: async ({ site, action }) => {
    const { personId } = action.after as Decided
    return { personId, state: await findClaim(site.db, personId, paperIn(action.subject)) }
  },
  undo: ({ site, action, change }) => {
    const { personId, state } = action.before as Decided
    return decideClaim(site.db, { personId, paperId: paperIn(action.subject) }, state, change)
  },
}

const source: Undo = {
  now: ({ site, action }) => sourceSettings(site.db, idIn(action.subject)),
  undo: ({ site, action, change }) => {
    const name = idIn(action.subject)
    if (action.before === null) return removeSource(site.db, name, change)
    return name === 'arxiv' ? changeArxiv(site.db, action.before, change) : changeSource(site.db, action.before, change)
  },
}

const flow: Undo = {
  now: ({ site }) => mailFlow(site.db),
  undo: ({ site, action, change }) => setMailFlow(site.db, action.before as MailFlow, change),
}

/** What has gone out cannot be called back: these have no opposite, or another one than the log could tell. */
const lasting = ['job.run', 'mail.suppress', 'mail.release', 'mail.retry', 'mail.canary', 'mail.test'] as const
type Lasting = (typeof lasting)[number]
const isLasting = (kind: AdminActionKind): kind is Lasting => (lasting as readonly AdminActionKind[]).includes(kind)

const undos: Record<Exclude<AdminActionKind, Lasting>, Undo> = {
  'setting.change': setting,
  'role.change': role,
  'person.suspend': suspension,
  'person.restore': suspension,
  'votes.exclude': votes,
  'votes.count': votes,
  'pick.add': pick,
  'pick.remove': pick,
  'edition.place': place,
  'edition.remove': place,
  'claim.confirm': claim,
  'claim.refuse': claim,
  'source.change': source,
  'mail.pause': flow,
  'mail.resume': flow,
}
const adminsOnly: readonly AdminActionKind[] = [
  'setting.change',
  'role.change',
  'person.suspend',
  'person.restore',
  'source.change',
  'mail.pause',
  'mail.resume',
]

/** Whether this person may undo this action, and it can still be undone as far as the log tells. */
export function mayUndo(viewer: Viewer, action: AdminAction): boolean {
  if (isLasting(action.kind) || action.undoneBy !== undefined) return false
  return !adminsOnly.includes(action.kind) || reaches(viewer.role, 'admin')
}

/**
 * Takes an action back by the opposite change, which is logged and can itself be undone. Throws `conflict` when the same
 * thing was changed again since: undoing would then undo somebody else's work too.
 */
export async function undoAction(site: CurrentSite, viewer: Viewer, action: AdminAction): Promise<void> {
  const { kind } = action
  if (isLasting(kind)) throw new AppError('conflict', 'What was started or sent cannot be taken back.')
  if (!mayUndo(viewer, action)) {
    if (action.undoneBy === undefined) throw new AppError('not_allowed', 'Only administrators can take this back.')
    throw new AppError('conflict', 'This was taken back already. To do it again, undo that later line of the log.')
  }
  const change = { actorId: viewer.personId, at: site.clock(), undoes: action.id }
  const undoing = { site, action, change }
  const { now, undo } = undos[kind]
  if (!isDeepStrictEqual(await now(undoing), action.after))
    throw new AppError('conflict', 'The same was changed again since. Undo the later change first, or change it anew.')
  await undo(undoing)
}
