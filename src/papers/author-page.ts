import type { Db } from '../db/index.ts'
import { authorKey, type PaperAuthor } from './paper-state.ts'
import { authorsOfNewest } from './queries.ts'

/** A name as the newest paper writes it, or undefined when no paper names anybody with this key. */
export async function authorName(db: Db, key: string): Promise<string | undefined> {
  const authors = JSON.parse((await authorsOfNewest(db, key)) ?? '[]') as PaperAuthor[]
  return authors.find((author) => authorKey(author.name) === key)?.name
}
