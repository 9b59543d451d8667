import {
  excludeVotes,
  exclusionsOf,
  findVoteRings,
  NETWORK_KEPT_DAYS,
  RING_SIZE,
  type VoteRing,
  voteRings,
  type WatchedVoter,
} from '../../discussion/index.ts'
import { AppError } from '../../errors.ts'
import { hotness, rejudgeBadges } from '../../feed/index.ts'
import { type Card, cardsOf, currentAnnouncementDay, type PaperId } from '../../papers/index.ts'
import { findPerson } from '../../people/index.ts'
import { adminPage } from '../parts/admin-frame.tsx'
import { CsrfField } from '../parts/csrf-field.tsx'
import { instant, shortDay } from '../parts/dates.ts'
import { readForm, textField } from '../read-form.ts'
import { redirect } from '../respond.tsx'
import type { CurrentSite, Page, Request } from '../site.ts'

const RINGS_SHOWN = 50
const PAPERS_SHOWN = 5

/** `/admin/votes`: groups of accounts that voted together, and whose votes are not counted. */
export const votesPage: Page = async (request, site) => {
  const { db } = site
  const { votes, voters } = await voteRings(db, RING_SIZE)
  const rings = findVoteRings(votes).slice(0, RINGS_SHOWN)
  const paperIds = [...new Set(rings.flatMap((ring) => ring.papers.slice(0, PAPERS_SHOWN)))] as PaperId[]
  const cards = new Map(
    (await cardsOf(db, paperIds, currentAnnouncementDay(site.clock()))).map((card) => [card.id as number, card]),
  )
  const byId = new Map(voters.map((voter) => [voter.id, voter]))
  const exclusions = await exclusionsOf(db)
  const excluded = await Promise.all(
    exclusions.map(async (one) => ({ ...one, name: (await findPerson(db, one.personId))?.name ?? 'a former reader' })),
  )
  return adminPage(
    request,
    site,
    {
      title: 'Votes',
      intro: `Accounts that upvoted the same paper from one network within a minute, of the last ${NETWORK_KEPT_DAYS} days`,
      path: '/admin/votes',
    },
    <>
      <p class="note">
        A laboratory or a lecture hall looks just like a ring, so nothing happens by itself. Networks are kept as a
        keyed hash for {NETWORK_KEPT_DAYS} days; nobody can read an address from it.
      </p>
      {rings.length === 0 ? (
        <p class="notice">No group of {RING_SIZE} or more accounts voted together.</p>
      ) : (
        rings.map((ring, index) => (
          <Ring request={request} site={site} ring={ring} number={index + 1} voters={byId} cards={cards} />
        ))
      )}
      <h2>Not counted</h2>
      {excluded.length === 0 ? (
        <p class="note">Every vote of a confirmed account counts.</p>
      ) : (
        <ul class="rows">
          {excluded.map((one) => (
            <li>
              <span class="name">{one.name}</span>
              <span class="note">
                {one.paperId === undefined ? 'all votes' : 'one vote'}, since {shortDay(one.at.slice(0, 10))}:{' '}
                {one.reason}
              </span>
              <form class="inline" action="/admin/votes" method="post">
                <CsrfField request={request} site={site} />
                <input type="hidden" name="person" value={one.personId} />
                {one.paperId !== undefined && <input type="hidden" name="paper" value={one.paperId} />}
                <input type="hidden" name="wanted" value="counted" />
                <input type="hidden" name="reason" value="let in again" />
                <button type="submit" aria-label={`Count again: ${one.name}`}>
                  Count again
                </button>
              </form>
            </li>
          ))}
        </ul>
      )}
    </>,
  )
}

type RingProps = {
  request: Request
  site: CurrentSite
  ring: VoteRing
  number: number
  voters: Map<string, WatchedVoter>
  cards: Map<number, Card>
}

function Ring({ request, site, ring, number, voters, cards }: RingProps) {
  const papers = ring.papers.length === 1 ? 'one paper' : `${ring.papers.length} papers`
  const id = `ring-${number}`
  return (
    <section class="ring" aria-labelledby={id}>
      <h2 id={id}>
        {ring.people.length} accounts, {papers}
      </h2>
      <p class="note">
        Network {ring.network.slice(0, 6)}, last on {instant(ring.lastAt)}
      </p>
      <ul class="ring-papers">
        {ring.papers.slice(0, PAPERS_SHOWN).map((paper) => {
          const card = cards.get(paper)
          return card ? (
            <li>
              <a href={card.path}>{card.title}</a>
            </li>
          ) : null
        })}
        {ring.papers.length > PAPERS_SHOWN && <li>and {ring.papers.length - PAPERS_SHOWN} more</li>}
      </ul>
      <form action="/admin/votes" method="post">
        <CsrfField request={request} site={site} />
        <input type="hidden" name="wanted" value="excluded" />
        <ul class="ring-people">
          {ring.people.map((person) => {
            const voter = voters.get(person)
            return (
              <li>
                <label>
                  <input type="checkbox" name="person" value={person} disabled={voter?.isExcluded} />{' '}
                  {voter?.name ?? person}
                </label>
                <span class="note">
                  {voter ? `since ${shortDay(voter.createdAt.slice(0, 10))}` : ''}
                  {voter && !voter.isConfirmed ? ', not confirmed' : ''}
                  {voter?.isExcluded ? ', not counted' : ''}
                </span>
              </li>
            )
          })}
        </ul>
        <p>
          <label for={`${id}-papers`}>Of the accounts marked, do not count</label>{' '}
          <select id={`${id}-papers`} name="paper">
            <option value="">any vote</option>
            <option value={ring.papers.join(' ')}>
              their votes on {papers === 'one paper' ? 'this paper' : `these ${papers}`}
            </option>
          </select>
        </p>
        <label for={`${id}-reason`}>because</label>
        <span class="row">
          <input id={`${id}-reason`} name="reason" required maxlength={300} autocomplete="off" />
          <button type="submit">Exclude</button>
        </span>
      </form>
    </section>
  )
}

/**
 * `POST /admin/votes`: `person` (one or more), `wanted=excluded` or `counted`, `reason`; with `paper` (numbers with spaces
 * between) only the votes on these.
 */
export const votesAction: Page = async (request, site) => {
  const viewer = request.get('viewer')
  if (!viewer) throw new AppError('not_signed_in', 'Sign in first.')
  const form = await readForm(request)
  const people = (await request.req.parseBody({ all: true })).person
  const named = (Array.isArray(people) ? people : [people]).filter((one): one is string => typeof one === 'string')
  if (named.length === 0) throw new AppError('bad_request', 'Mark at least one account, then send the form again.')
  const wanted = textField(form, 'wanted') === 'counted' ? 'counted' : 'excluded'
  const reason = textField(form, 'reason').slice(0, 300)
  const change = { actorId: viewer.personId, at: site.clock(), reason }
  const papers = textField(form, 'paper').split(' ').filter(Boolean).slice(0, 100).map(Number)
  if (!papers.every(Number.isSafeInteger))
    throw new AppError('bad_request', 'Open /admin/votes and send the form there.')
  for (const personId of named.slice(0, 100)) {
    if (!(await findPerson(site.db, personId))) throw new AppError('person_not_found', 'One of these accounts is gone.')
    const votes = papers.length > 0 ? papers.map((paper) => ({ personId, paperId: paper as PaperId })) : [{ personId }]
    for (const of of votes) await excludeVotes(site.db, of, wanted, change, hotness)
    await rejudgeBadges(site.db, personId, site.clock())
  }
  return redirect('/admin/votes?done=saved', 303)
}
