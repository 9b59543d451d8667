import type { Compilable, CompiledQuery } from 'kysely'
import { type Db, dialectOf } from './dialect.ts'

/** Queries come in a few shapes; beyond this many something makes a new shape each time. */
const SHAPES_KEPT = 500

const texts = new Map<string, CompiledQuery>()

/**
 * Runs a query that pages ask again and again, building and compiling it only the first time. `shape` names the query
 * and everything its text depends on, such as the length of a list; `parameters` are its values in the order of the
 * text. Throws when their number does not fit, which a wrong shape would cause.
 */
export async function runCompiled<Row>(
  db: Db,
  shape: string,
  parameters: readonly unknown[],
  build: () => Compilable<Row>,
): Promise<Row[]> {
  const key = `${dialectOf(db)} ${shape}`
  let compiled = texts.get(key)
  if (!compiled) {
    compiled = build().compile() as CompiledQuery
    if (texts.size >= SHAPES_KEPT) texts.clear()
    texts.set(key, compiled)
  }
  if (compiled.parameters.length !== parameters.length) {
    throw new Error(`query "${shape}" takes ${compiled.parameters.length} values, not ${parameters.length}`)
  }
  return (await db.executeQuery<Row>({ ...compiled, parameters } as CompiledQuery<Row>)).rows
}
