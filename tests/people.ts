import type { Db } from '../src/db/index.ts'

/** The people of every story in the tests: Ada votes, Ben votes too and comments, Chen only reads. */
export const ada = 'ada'
export const ben = 'ben'
export const chen = 'chen'

export async function seedPeople(db: Db): Promise<void> {
  const created_at = '2026-01-02T12:00:00.000Z'
  const person = (id: string, name: string) => ({
    id,
    name,
    email: `${id}@example.org`,
    email_verified: 1,
    role: 'reader',
    created_at,
    updated_at: created_at,
  })
  await db
    .insertInto('person')
    .values([person(ada, 'Ada Byron'), person(ben, 'Ben Okri'), person(chen, 'Chen Wei')])
    .execute()
}
