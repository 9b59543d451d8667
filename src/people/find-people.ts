import type { Db } from '../db/index.ts'
import { type PeopleRequest, peopleRows, personRow } from './admin-queries.ts'
import type { Role } from './viewer.ts'

/** Somebody as administrators see them. */
export type PersonRecord = {
  id: string
  name: string
  email?: string
  isConfirmed: boolean
  role: Role
  createdAt: string
  blockedAt?: string
}

/** People by a part of their name or address, the newest first. */
export async function findPeople(db: Db, request: PeopleRequest): Promise<{ people: PersonRecord[]; next?: string }> {
  const rows = await peopleRows(db, request)
  const page = rows.slice(0, request.limit)
  const last = page.at(-1)
  return {
    people: page.map(presentPerson),
    ...(rows.length > request.limit && last ? { next: `${last.created_at}~${last.id}` } : {}),
  }
}

export async function findPerson(db: Db, id: string): Promise<PersonRecord | undefined> {
  const row = await personRow(db, id)
  return row && presentPerson(row)
}

function presentPerson(row: NonNullable<Awaited<ReturnType<typeof personRow>>>): PersonRecord {
  return {
    id: row.id,
    name: row.name,
    ...(row.email === null ? {} : { email: row.email }),
    isConfirmed: row.email_verified === 1,
    role: row.role as Role,
    createdAt: row.created_at,
    ...(row.blocked_at === null ? {} : { blockedAt: row.blocked_at }),
  }
}
