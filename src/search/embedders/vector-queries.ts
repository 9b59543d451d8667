import type { Db } from '../../db/index.ts'
import type { PaperId } from '../../papers/index.ts'

// SQL for vectors that a model outside the program made: the only thing this room writes.

export type StoredVector = { text_hash: string; numbers: Uint8Array }

/** The stored ones among at most some hundred texts. */
export function storedVectors(db: Db, model: string, hashes: readonly string[]): Promise<StoredVector[]> {
  return db
    .selectFrom('text_vector')
    .select(['text_hash', 'numbers'])
    .where('model', '=', model)
    .where('text_hash', 'in', hashes)
    .execute()
}

/** Any vector of the model, to see how long they are. */
export function anyVector(db: Db, model: string): Promise<{ numbers: Uint8Array } | undefined> {
  return db.selectFrom('text_vector').select('numbers').where('model', '=', model).limit(1).executeTakeFirst()
}

/** One statement, so that either all of them are there after a crash or none. */
export async function storeVectors(db: Db, model: string, rows: readonly StoredVector[]): Promise<void> {
  if (rows.length === 0) return
  await db
    .insertInto('text_vector')
    .values(rows.map((row) => ({ model, ...row })))
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

export type PaperTextRow = { id: PaperId; title: string; abstract: string | null; summary: string | null }

/** What is embedded of the papers after one, in the order of their numbers. */
export function paperTextsAfter(db: Db, id: number, limit: number): Promise<PaperTextRow[]> {
  return db
    .selectFrom('paper')
    .select(['id', 'title', 'abstract', 'summary'])
    .where('id', '>', id as PaperId)
    .orderBy('id')
    .limit(limit)
    .$castTo<PaperTextRow>()
    .execute()
}

export type StoredModel = { model: string; texts: number; bytes: number }

/** The models of which there are vectors, by name, with how many and how long they are. Reads them all. */
export async function storedModels(db: Db): Promise<StoredModel[]> {
  const rows = await db
    .selectFrom('text_vector')
    .select(({ fn }) => [
      'model',
      fn.countAll<number | string>().as('texts'),
      fn.sum<number | string>(fn('length', ['numbers'])).as('bytes'),
    ])
    .groupBy('model')
    .orderBy('model')
    .execute()
  return rows.map(({ model, texts, bytes }) => ({ model, texts: Number(texts), bytes: Number(bytes) }))
}

/** Deletes some vectors of a model; answers how many. */
export async function deleteVectors(db: Db, model: string, atMost: number): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('text_vector')
    .where('model', '=', model)
    .where('text_hash', 'in', (some) =>
      some.selectFrom('text_vector').select('text_hash').where('model', '=', model).limit(atMost),
    )
    .executeTakeFirstOrThrow()
  return Number(numDeletedRows)
}
