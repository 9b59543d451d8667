import type { Child } from 'hono/jsx'
import { AppError } from '../../errors.ts'
import { type Place, parsePeriod, periodPath } from '../../feed/index.ts'
import { type Card, cardsOf, currentAnnouncementDay, type PaperId } from '../../papers/index.ts'
import {
  type AdminAction,
  adminLog,
  findAdminAction,
  findPerson,
  instanceSettingTable,
  isInstanceSetting,
  type PersonRecord,
} from '../../people/index.ts'
import { adminPage } from '../parts/admin-frame.tsx'
import { CsrfField } from '../parts/csrf-field.tsx'
import { instant, shortDay } from '../parts/dates.ts'
import { readForm, textField } from '../read-form.ts'
import { redirect } from '../respond.tsx'
import type { CurrentSite, Page } from '../site.ts'
import { mayUndo, undoAction } from '../undo-action.ts'

const ACTIONS_PER_PAGE = 40

/** `/admin/log`: who changed what, newest first; `?subject=` only one thing. */
export const logPage: Page = async (request, site) => {
  const viewer = request.get('viewer')
  const subject = request.req.query('subject')?.slice(0, 200)
  const before = Number(request.req.query('before'))
  const { actions, next } = await adminLog(site.db, {
    limit: ACTIONS_PER_PAGE,
    ...(subject ? { subject } : {}),
    ...(Number.isSafeInteger(before) && before > 0 ? { before } : {}),
  })
  const things = await thingsOf(site, actions)
  const more = new URLSearchParams({ ...(subject ? { subject } : {}), before: String(next) })
  return adminPage(
    request,
    site,
    { title: 'Log', intro: 'Who changed what, and how it was before', path: '/admin/log' },
    <>
      {subject && (
        <p>
          Only changes of one thing. <a href="/admin/log">Show all</a>
        </p>
      )}
      {actions.length === 0 ? (
        <p class="notice">Nothing has been changed yet.</p>
      ) : (
        <ol class="log">
          {actions.map((action) => (
            <li id={`action-${action.id}`} class={action.undoneBy === undefined ? undefined : 'undone'}>
              <p class="what">{describe(action, things)}</p>
              {action.reason && <p class="reason">“{action.reason}”</p>}
              <p class="note">
                Number {action.id}, by {action.actor?.name || 'somebody who left'}, {instant(action.at)}
                {action.undoes !== undefined && (
                  <>
                    , takes back <a href={`#action-${action.undoes}`}>number {action.undoes}</a>
                  </>
                )}
                {action.undoneBy !== undefined && (
                  <>
                    , taken back by <a href={`#action-${action.undoneBy}`}>number {action.undoneBy}</a>
                  </>
                )}
              </p>
              {viewer && mayUndo(viewer, action) && (
                <form class="inline" action="/admin/log/undo" method="post">
                  <CsrfField request={request} site={site} />
                  <input type="hidden" name="action" value={String(action.id)} />
                  <button type="submit" aria-label={`Undo number ${action.id}`}>
                    Undo
                  </button>
                </form>
              )}
            </li>
          ))}
        </ol>
      )}
      {next !== undefined && (
        <p class="more">
          <a rel="next" href={`/admin/log?${more}`}>
            Earlier changes
          </a>
        </p>
      )}
    </>,
  )
}

/** `POST /admin/log/undo`: `action` is the number of a line of the log. */
export const undoLogAction: Page = async (request, site) => {
  const viewer = request.get('viewer')
  if (!viewer) throw new AppError('not_signed_in', 'Sign in first.')
  const id = Number(textField(await readForm(request), 'action'))
  const action = Number.isSafeInteger(id) && id > 0 ? await findAdminAction(site.db, id) : undefined
  if (!action) throw new AppError('not_found', 'There is no such line in the log.')
  await undoAction(site, viewer, action)
  return redirect('/admin/log?done=undone', 303)
}

/** What the subjects of a page's actions are, to be named in words. */
type Things = { cards: Map<number, Card>; people: Map<string, PersonRecord> }

async function thingsOf(site: CurrentSite, actions: readonly AdminAction[]): Promise<Things> {
  const idsOf = (kind: string) =>
    actions.flatMap(({ subject }) => (subject.startsWith(`${kind}:`) ? [subject.slice(kind.length + 1)] : []))
  const paperIds = [...new Set(idsOf('paper').map(Number))] as PaperId[]
  const cards = await cardsOf(site.db, paperIds, currentAnnouncementDay(site.clock()))
  const claimants = actions.flatMap(({ after }) =>
    after !== null && typeof after === 'object' && 'personId' in after ? [String(after.personId)] : [],
  )
  const people = new Map<string, PersonRecord>()
  for (const id of new Set([...idsOf('person'), ...claimants])) {
    const person = await findPerson(site.db, id)
    if (person) people.set(id, person)
  }
  return { cards: new Map(cards.map((card) => [card.id as number, card])), people }
}

function describe(action: AdminAction, { cards, people }: Things): Child {
  const [, id = ''] = action.subject.split(/:(.*)/s)
  const card = cards.get(Number(id))
  const paper = card ? <a href={card.path}>{card.title}</a> : 'a paper that is gone'
  const nameOf = (personId: string) => <b>{people.get(personId)?.name ?? 'somebody who left'}</b>
  const { before, after } = action
  switch (action.kind) {
    case 'setting.change':
      return (
        <>
          Set <b>{isInstanceSetting(id) ? instanceSettingTable[id].label : id}</b> to {quoted(after)}, from{' '}
          {quoted(before)}
        </>
      )
    case 'role.change':
      return (
        <>
          Made {nameOf(id)} {String(after)}, before {String(before)}
        </>
      )
    case 'person.suspend':
      return <>Suspended {nameOf(id)}</>
    case 'person.restore':
      return <>Let {nameOf(id)} in again</>
    case 'votes.exclude':
      return <>Stopped counting votes of {nameOf(id)}</>
    case 'votes.count':
      return <>Counted the votes of {nameOf(id)} again</>
    case 'pick.add':
      return <>Picked {paper}</>
    case 'pick.remove':
      return <>Took the pick back from {paper}</>
    case 'edition.place':
      return (
        <>
          Placed {paper} in the edition of {dayLink(after)}
          {entryDay(before) ? <>, before {dayLink(before)}</> : ''}
        </>
      )
    case 'edition.remove':
      return (
        <>
          Took {paper} out of the edition of {dayLink(before)}
        </>
      )
    case 'claim.confirm':
    case 'claim.refuse': {
      const { personId, state } = after as { personId: string; state: string }
      return (
        <>
          Claim of {nameOf(personId)} to {paper}: {state}
        </>
      )
    }
    case 'source.change':
      return (
        <>
          {after === null ? 'Removed' : before === null ? 'Added' : 'Changed'} the source <b>{id}</b>
        </>
      )
    case 'mail.pause':
      return <>Paused all digests</>
    case 'mail.resume':
      return <>Let digests go on</>
    case 'mail.suppress':
      return <>Stopped mail to an address</>
    case 'mail.release':
      return <>Let mail go to an address again, suppressed before ({(before as { reason: string }).reason})</>
    case 'mail.retry':
      return (
        <>
          Tried {String(after)} failed mails of <b>{id}</b> again
        </>
      )
    case 'mail.canary':
      return after === 'again' ? (
        <>Tried the canary of {shortDay(id)} again</>
      ) : (
        <>Let mail go without the canary of {shortDay(id)}</>
      )
    case 'mail.test':
      return <>Sent a test digest: {String(after)}</>
    case 'job.run':
      return (
        <>
          Started the job <b>{id}</b>
        </>
      )
  }
}

const quoted = (value: unknown) => (value === null ? 'the default' : `“${String(value)}”`)
const entryDay = (place: unknown) => (place as Place | null)?.entry?.day

function dayLink(place: unknown): Child {
  const day = entryDay(place) ?? (place as Place | null)?.removal?.day
  const period = day ? parsePeriod('day', day) : undefined
  return period ? <a href={periodPath(period)}>{shortDay(period.key)}</a> : 'no day'
}
