import { type Expression, expressionBuilder, type SqlBool, sql } from 'kysely'
import { bulkInsert, type Database, type Db, runCompiled } from '../db/index.ts'
import type { PaperId } from '../papers/index.ts'
import type { Vote } from './cast-vote.ts'
import type { VotesOf } from './exclude-votes.ts'
import { NETWORK_KEPT_DAYS } from './network-hash.ts'
import type { Placement } from './place-on-day.ts'
import type { Points } from './standing.ts'
import type { TracedVote } from './vote-rings.ts'

// All SQL of the room `discussion`.

/** An exclusion of this paper number stands for all of a person's votes. */
const EVERY_PAPER = 0

export async function countVotes(db: Db): Promise<number> {
  const row = await db
    .selectFrom('vote')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

/** Which of some papers a person has upvoted: one query for a whole list. */
export async function votedAmong(db: Db, personId: string, ids: readonly PaperId[]): Promise<Set<PaperId>> {
  if (ids.length === 0) return new Set()
  const rows = await runCompiled(db, `own votes among ${ids.length}`, [personId, ...ids], () =>
    db.selectFrom('vote').select('paper_id').where('person_id', '=', personId).where('paper_id', 'in', ids),
  )
  return new Set(rows.map((row) => row.paper_id as PaperId))
}

export type Upvoter = { id: string; name: string }

/** Whose votes count for a paper, the earliest first. */
export function upvoters(db: Db, paperId: PaperId, limit: number): Promise<Upvoter[]> {
  return db
    .selectFrom('vote')
    .innerJoin('person', 'person.id', 'vote.person_id')
    .select(['person.id', 'person.name'])
    .where('vote.paper_id', '=', paperId)
    .where('vote.counts', '=', 1)
    .orderBy('vote.created_at')
    .orderBy('person.id')
    .limit(limit)
    .execute()
}

// --- moderation ---

/** More traced votes than this are not looked at in one go: the newest come first. */
const TRACED_LIMIT = 20_000

export type WatchedVoter = { id: string; name: string; createdAt: string; isConfirmed: boolean; isExcluded: boolean }

/** Recent votes on papers that got at least `size` of them from one network, and who gave them. */
export async function voteRings(db: Db, size: number): Promise<{ votes: TracedVote[]; voters: WatchedVoter[] }> {
  const rows = await db
    .selectFrom('vote')
    .innerJoin(
      (eb) =>
        eb
          .selectFrom('vote')
          .select(['network', 'paper_id'])
          .where('network', 'is not', null)
          .groupBy(['network', 'paper_id'])
          .having((having) => having.fn.countAll(), '>=', size)
          .as('shared'),
      (join) => join.onRef('shared.network', '=', 'vote.network').onRef('shared.paper_id', '=', 'vote.paper_id'),
    )
    .select(['vote.paper_id', 'vote.person_id', 'vote.network', 'vote.created_at'])
    .orderBy('vote.created_at', 'desc')
    .limit(TRACED_LIMIT)
    .execute()
  const votes = rows.map((row) => ({
    paperId: row.paper_id,
    personId: row.person_id,
    network: row.network as string,
    at: row.created_at,
  }))
  return { votes, voters: await watchedVoters(db, [...new Set(votes.map((vote) => vote.personId))]) }
}

async function watchedVoters(db: Db, ids: readonly string[]): Promise<WatchedVoter[]> {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('person')
    .leftJoin('vote_exclusion', (join) =>
      join.onRef('vote_exclusion.person_id', '=', 'person.id').on('vote_exclusion.paper_id', '=', EVERY_PAPER),
    )
    .select([
      'person.id',
      'person.name',
      'person.created_at',
      'person.email_verified',
      'vote_exclusion.reason as excluded_for',
    ])
    .where('person.id', 'in', ids)
    .execute()
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    createdAt: row.created_at,
    isConfirmed: row.email_verified === 1,
    isExcluded: row.excluded_for !== null,
  }))
}

export type Exclusion = { personId: string; paperId?: PaperId; reason: string; at: string }

/** What moderators do not count, the newest first; of one person, or of everybody. */
export async function exclusionsOf(db: Db, personId?: string): Promise<Exclusion[]> {
  let query = db.selectFrom('vote_exclusion').selectAll().orderBy('excluded_at', 'desc').orderBy('person_id')
  if (personId !== undefined) query = query.where('person_id', '=', personId)
  const rows = await query.limit(500).execute()
  return rows.map((row) => ({
    personId: row.person_id,
    ...(row.paper_id === EVERY_PAPER ? {} : { paperId: row.paper_id as PaperId }),
    reason: row.reason,
    at: row.excluded_at,
  }))
}

export function findExclusion(db: Db, { personId, paperId }: VotesOf): Promise<{ reason: string } | undefined> {
  return db
    .selectFrom('vote_exclusion')
    .select('reason')
    .where('person_id', '=', personId)
    .where('paper_id', '=', paperId ?? EVERY_PAPER)
    .executeTakeFirst()
}

export async function insertExclusion(tx: Db, { personId, paperId }: VotesOf, reason: string, at: Date): Promise<void> {
  await tx
    .insertInto('vote_exclusion')
    .values({ person_id: personId, paper_id: paperId ?? EVERY_PAPER, reason, excluded_at: at.toISOString() })
    .execute()
}

export async function deleteExclusion(tx: Db, { personId, paperId }: VotesOf): Promise<void> {
  await tx
    .deleteFrom('vote_exclusion')
    .where('person_id', '=', personId)
    .where('paper_id', '=', paperId ?? EVERY_PAPER)
    .execute()
}

/** Votes older than the time we keep it no longer tell where they came from; returns how many were cleaned. */
export async function forgetNetworks(db: Db, now: Date): Promise<number> {
  const before = new Date(now.getTime() - NETWORK_KEPT_DAYS * 86_400_000).toISOString()
  const result = await db
    .updateTable('vote')
    .set({ network: null })
    .where('network', 'is not', null)
    .where('created_at', '<', before)
    .executeTakeFirst()
  return Number(result.numUpdatedRows)
}

// --- counting ---

/** 1 when a vote counts: its person is confirmed, and no moderator has excluded the vote or the person. */
function worth(person: Expression<string>, paper: Expression<number>): Expression<number> {
  const eb = expressionBuilder<Database, never>()
  const isConfirmed: Expression<SqlBool> = eb.exists(
    eb.selectFrom('person').select('id').where('person.id', '=', person).where('email_verified', '=', 1),
  )
  const isExcluded = eb.exists(
    eb
      .selectFrom('vote_exclusion')
      .select('reason')
      .where('vote_exclusion.person_id', '=', person)
      .where((or) =>
        or.or([or('vote_exclusion.paper_id', '=', EVERY_PAPER), or('vote_exclusion.paper_id', '=', paper)]),
      ),
  )
  return sql<number>`case when ${isConfirmed} and not ${isExcluded} then 1 else 0 end`
}

export async function papersVotedBy(db: Db, personId: string): Promise<PaperId[]> {
  const rows = await db.selectFrom('vote').select('paper_id').where('person_id', '=', personId).execute()
  return rows.map((row) => row.paper_id as PaperId)
}

/** Says of votes anew whether they count: of one person, or all. */
export async function judgeVotes(db: Db, personId?: string): Promise<void> {
  const counts = worth(sql.ref<string>('vote.person_id'), sql.ref<number>('vote.paper_id'))
  let query = db.updateTable('vote').set({ counts }).where('counts', '!=', counts)
  if (personId !== undefined) query = query.where('person_id', '=', personId)
  await query.execute()
}

/** Papers whose stored count is not the number of their votes. */
export async function driftedPapers(db: Db): Promise<PaperId[]> {
  const counted = await db
    .selectFrom((eb) =>
      eb
        .selectFrom('vote')
        .select(['paper_id', sql<number>`sum(counts)`.as('upvotes')])
        .groupBy('paper_id')
        .as('counted'),
    )
    .leftJoin('standing', 'standing.paper_id', 'counted.paper_id')
    .select('counted.paper_id')
    .where((eb) => eb.or([eb('standing.upvotes', 'is', null), eb('standing.upvotes', '!=', eb.ref('counted.upvotes'))]))
    .execute()
  const withoutVotes = await db
    .selectFrom('standing')
    .select('paper_id')
    .where('upvotes', '!=', 0)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('vote').select('person_id').whereRef('vote.paper_id', '=', 'standing.paper_id'))),
    )
    .execute()
  return [...counted, ...withoutVotes].map((row) => row.paper_id as PaperId)
}

// --- writes ---

/** A vote of somebody who is not there any more is no vote. */
export async function insertVote(tx: Db, { paperId, personId, at, network }: Vote): Promise<void> {
  const instant = at.toISOString()
  const parameters = [paperId, instant, network ?? null, EVERY_PAPER, paperId, personId]
  await runCompiled(tx, 'insert vote', parameters, () =>
    tx
      .insertInto('vote')
      .columns(['paper_id', 'person_id', 'created_at', 'network', 'counts'])
      .expression((eb) =>
        eb
          .selectFrom('person')
          .select([
            sql<number>`cast(${paperId} as integer)`.as('paper_id'),
            'person.id',
            sql<string>`cast(${instant} as text)`.as('created_at'),
            sql<string | null>`cast(${network ?? null} as text)`.as('network'),
            sql<number>`case when email_verified = 1 and not exists (select 1 from vote_exclusion where
              vote_exclusion.person_id = person.id and vote_exclusion.paper_id in (${EVERY_PAPER}, ${paperId}))
              then 1 else 0 end`.as('counts'),
          ])
          .where('person.id', '=', personId),
      )
      .onConflict((conflict) => conflict.doNothing()),
  )
}

export async function deleteVote(tx: Db, { paperId, personId }: Vote): Promise<void> {
  await runCompiled(tx, 'delete vote', [paperId, personId], () =>
    tx.deleteFrom('vote').where('paper_id', '=', paperId).where('person_id', '=', personId),
  )
}

export async function deleteVotesOf(tx: Db, personId: string): Promise<void> {
  await tx.deleteFrom('vote').where('person_id', '=', personId).execute()
}

/** Here votes are counted: from the set itself, never by adding one. */
export async function recountPoints(tx: Db, paperId: PaperId): Promise<Points & { listedAt: string | null }> {
  // Taking the row's lock first makes a second voter on PostgreSQL count after us, with our vote in view.
  await runCompiled(tx, 'lock standing', [paperId, 0, 0, 0, paperId], () =>
    tx
      .insertInto('standing')
      .values({ paper_id: paperId, upvotes: 0, comments: 0, placement: 0 })
      .onConflict((conflict) => conflict.column('paper_id').doUpdateSet({ paper_id: paperId })),
  )
  const [row] = await runCompiled(tx, 'recount votes', [paperId, 1, paperId], () =>
    tx
      .updateTable('standing')
      .set((eb) => ({
        upvotes: eb
          .selectFrom('vote')
          .select(sql<number>`count(*)`.as('count'))
          .where('vote.paper_id', '=', paperId)
          .where('vote.counts', '=', 1),
      }))
      .where('standing.paper_id', '=', paperId)
      .returning(['upvotes', 'comments', 'listed_at']),
  )
  if (!row) throw new Error(`the standing of paper ${paperId} went away while it was locked`)
  return { upvotes: row.upvotes, comments: row.comments, listedAt: row.listed_at }
}

export async function saveHotness(tx: Db, paperId: PaperId, hotness: number): Promise<void> {
  await runCompiled(tx, 'save hotness', [hotness, paperId], () =>
    tx.updateTable('standing').set({ hotness }).where('paper_id', '=', paperId),
  )
}

/** Writes the places of papers; returns those that had votes before they were listed. */
export async function savePlacements(tx: Db, rows: readonly (Placement & { hotness: number })[]): Promise<PaperId[]> {
  if (rows.length === 0) return []
  const ids = rows.map((row) => row.paperId)
  const known = await tx.selectFrom('standing').select('paper_id').where('paper_id', 'in', ids).execute()
  const knownIds = new Set(known.map((row) => row.paper_id as PaperId))
  const place = (row: Placement & { hotness: number }) => ({
    day: row.day,
    placement: row.placement,
    listed_at: row.listedAt.toISOString(),
    hotness: row.hotness,
  })
  const fresh = rows
    .filter((row) => !knownIds.has(row.paperId))
    .map((row) => ({ paper_id: row.paperId, upvotes: 0, comments: 0, ...place(row) }))
  await bulkInsert(
    tx,
    'standing',
    ['paper_id', 'upvotes', 'comments', 'day', 'placement', 'listed_at', 'hotness'],
    fresh,
  )
  for (const row of rows) {
    if (knownIds.has(row.paperId))
      await tx.updateTable('standing').set(place(row)).where('paper_id', '=', row.paperId).execute()
  }
  return [...knownIds]
}

/** No day, no rank; the counts stay. */
export async function clearPlacement(tx: Db, paperId: PaperId): Promise<void> {
  await tx
    .updateTable('standing')
    .set({ day: null, placement: 0, listed_at: null, hotness: null })
    .where('paper_id', '=', paperId)
    .execute()
}
