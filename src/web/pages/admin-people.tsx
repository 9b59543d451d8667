import { excludeVotes, exclusionsOf } from '../../discussion/index.ts'
import { AppError } from '../../errors.ts'
import { hotness, rejudgeBadges } from '../../feed/index.ts'
import {
  changeRole,
  findPeople,
  findPerson,
  type PersonRecord,
  type Role,
  roles,
  suspendPerson,
} from '../../people/index.ts'
import { adminPage } from '../parts/admin-frame.tsx'
import { CsrfField } from '../parts/csrf-field.tsx'
import { shortDay } from '../parts/dates.ts'
import { readForm, textField } from '../read-form.ts'
import { redirect } from '../respond.tsx'
import type { CurrentSite, Page, Request } from '../site.ts'

const PEOPLE_PER_PAGE = 50
const roleNames: Record<Role, string> = { reader: 'reader', editor: 'editor', admin: 'administrator' }

/** `/admin/people`: everybody, newest first; `?q=` a part of a name or address, `?role=`. */
export const peoplePage: Page = async (request, site) => {
  const text = request.req.query('q')?.trim().slice(0, 100) ?? ''
  const role = roles.find((one) => one === request.req.query('role'))
  const after = request.req.query('after')
  const { people, next } = await findPeople(site.db, {
    limit: PEOPLE_PER_PAGE,
    ...(text ? { text } : {}),
    ...(role ? { role } : {}),
    ...(after ? { after } : {}),
  })
  const more = new URLSearchParams({ ...(text ? { q: text } : {}), ...(role ? { role } : {}), after: next ?? '' })
  return adminPage(
    request,
    site,
    { title: 'People', intro: 'Roles and suspensions', path: '/admin/people' },
    <>
      <form class="filter" action="/admin/people" method="get">
        <label for="people-q">Name or address</label>
        <input id="people-q" name="q" value={text} maxlength={100} autocomplete="off" />
        <label for="people-role">Role</label>
        <select id="people-role" name="role">
          <option value="">any</option>
          {roles.map((one) => (
            <option value={one} selected={one === role}>
              {roleNames[one]}
            </option>
          ))}
        </select>
        <button type="submit">Search</button>
      </form>
      {people.length === 0 ? (
        <p class="notice">Nobody fits. Try a shorter part of the name.</p>
      ) : (
        <ul class="rows">
          {people.map((person) => (
            <PersonRow person={person} />
          ))}
        </ul>
      )}
      {next && (
        <p class="more">
          <a rel="next" href={`/admin/people?${more}`}>
            More people
          </a>
        </p>
      )}
    </>,
  )
}

function PersonRow({ person }: { person: PersonRecord }) {
  return (
    <li>
      <a class="name" href={`/admin/people/${encodeURIComponent(person.id)}`}>
        {person.name || person.email || person.id}
      </a>
      <span class="note">{person.email ?? 'no address'}</span>
      <span class="note">since {shortDay(person.createdAt.slice(0, 10))}</span>
      <PersonMarks person={person} />
    </li>
  )
}

function PersonMarks({ person }: { person: PersonRecord }) {
  return (
    <span class="marks">
      {person.role !== 'reader' && <span class="mark">{roleNames[person.role]}</span>}
      {!person.isConfirmed && <span class="mark">not confirmed</span>}
      {person.blockedAt && <span class="mark withdrawn">suspended</span>}
    </span>
  )
}

/** `/admin/people/ID`: one person, and what can be changed about them. */
export const personPage: Page = async (request, site) => {
  const person = await personOf(request, site)
  const excluded = (await exclusionsOf(site.db, person.id)).find((one) => one.paperId === undefined)
  const path = `/admin/people/${encodeURIComponent(person.id)}`
  const csrf = <CsrfField request={request} site={site} />
  return adminPage(
    request,
    site,
    {
      title: person.name || 'Somebody without a name',
      intro: `${person.email ?? 'no address'}, here since ${shortDay(person.createdAt.slice(0, 10))}`,
      path: '/admin/people',
    },
    <>
      <p>
        <PersonMarks person={person} /> <a href={`/admin/log?subject=person:${person.id}`}>What was changed before</a>
      </p>
      <div class="panels">
        <form action={path} method="post">
          <h2>Role</h2>
          {csrf}
          <input type="hidden" name="change" value="role" />
          <p class="note">Editors pick papers and change editions; administrators change settings and people too.</p>
          <label for="person-role">Role</label>
          <span class="row">
            <select id="person-role" name="role">
              {roles.map((one) => (
                <option value={one} selected={one === person.role}>
                  {roleNames[one]}
                </option>
              ))}
            </select>
            <button type="submit">Change role</button>
          </span>
        </form>
        <form action={path} method="post">
          <h2>Access</h2>
          {csrf}
          <input type="hidden" name="change" value={person.blockedAt ? 'restore' : 'suspend'} />
          <p class="note">Somebody suspended cannot sign in. Votes and submissions stay.</p>
          <Reason id="suspend-reason" />
          <button type="submit">{person.blockedAt ? 'Let in again' : 'Suspend'}</button>
        </form>
        <form action={path} method="post">
          <h2>Votes</h2>
          {csrf}
          <input type="hidden" name="change" value={excluded ? 'count' : 'exclude'} />
          <p class="note">
            {excluded
              ? `Not counted since ${shortDay(excluded.at.slice(0, 10))}: ${excluded.reason}`
              : 'Excluded votes are kept, and count nowhere.'}
          </p>
          <Reason id="votes-reason" />
          <button type="submit">{excluded ? 'Count them again' : 'Do not count them'}</button>
        </form>
      </div>
    </>,
  )
}

function Reason({ id }: { id: string }) {
  return (
    <>
      <label for={id}>Reason, for the log</label>
      <input id={id} name="reason" required maxlength={300} autocomplete="off" />
    </>
  )
}

/** `POST /admin/people/ID`: `change` is role, suspend, restore, exclude or count. */
export const personAction: Page = async (request, site) => {
  const person = await personOf(request, site)
  const viewer = request.get('viewer')
  if (!viewer) throw new AppError('not_signed_in', 'Sign in first.')
  const form = await readForm(request)
  const reason = textField(form, 'reason').slice(0, 300)
  const change = { actorId: viewer.personId, at: site.clock(), ...(reason ? { reason } : {}) }
  const wanted = textField(form, 'change')
  if (wanted === 'role') await changeRole(site.db, person.id, textField(form, 'role') as Role, change)
  else if (wanted === 'suspend') await suspendPerson(site.db, person.id, 'suspended', change)
  else if (wanted === 'restore') await suspendPerson(site.db, person.id, 'restored', change)
  else if (wanted === 'exclude' || wanted === 'count') {
    const state = wanted === 'exclude' ? 'excluded' : 'counted'
    await excludeVotes(site.db, { personId: person.id }, state, { ...change, reason }, hotness)
    await rejudgeBadges(site.db, person.id, site.clock())
  } else
    throw new AppError(
      'bad_request',
      '"change" must be role, suspend, restore, exclude or count. Use the page’s forms.',
    )
  return redirect(`/admin/people/${encodeURIComponent(person.id)}?done=saved`, 303)
}

async function personOf(request: Request, site: CurrentSite): Promise<PersonRecord> {
  const person = await findPerson(site.db, request.req.param('person') ?? '')
  if (!person) throw new AppError('person_not_found', 'There is nobody with this number here. Search for the name.')
  return person
}
