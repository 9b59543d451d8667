import { type ExpressionBuilder, type ExpressionWrapper, type SqlBool, sql } from 'kysely'
import { AppError } from '../errors.ts'

export type KeyColumn = { column: string; direction: 'asc' | 'desc' }
type KeyValue = string | number
// A keyset is used with any table; the names of its columns come from our own code only.
// biome-ignore lint/suspicious/noExplicitAny: see above
type AnyBuilder = ExpressionBuilder<any, any>
// biome-ignore lint/suspicious/noExplicitAny: see above
type AnyCondition = ExpressionWrapper<any, any, SqlBool>

/**
 * The order of a list and the place where a page of it ends, as one object. The last column must be unique, or pages
 * would repeat and lose rows. A cursor is the key of the last row shown, as base64url JSON: it stays right when rows
 * come and go before it.
 */
export class Keyset {
  readonly columns: readonly KeyColumn[]

  constructor(...columns: KeyColumn[]) {
    this.columns = columns
  }

  /** Key values of a row, taken from the properties named like the columns (without table prefix). */
  cursorOf(row: object): string {
    const values = this.columns.map(
      ({ column }) => (row as Record<string, KeyValue>)[column.split('.').at(-1) as string],
    )
    return Buffer.from(JSON.stringify(values)).toString('base64url')
  }

  /** Throws `bad_cursor` for anything this list did not hand out. */
  decode(cursor: string): KeyValue[] {
    let values: unknown
    try {
      values = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    } catch (cause) {
      throw badCursor(cause)
    }
    if (!Array.isArray(values) || values.length !== this.columns.length) throw badCursor()
    if (!values.every((value) => typeof value === 'string' || Number.isFinite(value))) throw badCursor()
    return values as KeyValue[]
  }

  /**
   * The condition "after the row with this cursor" in the list's order. `belongs` tells whether a key can be one of this
   * very list: the cursor of another month must not be taken for a place in this one.
   */
  after(cursor: string, belongs: (key: KeyValue[]) => boolean = () => true): (eb: AnyBuilder) => AnyCondition {
    const values = this.decode(cursor)
    if (!belongs(values)) throw badCursor()
    return (eb) => {
      const alternatives = this.columns.map(({ column, direction }, index) => {
        const same = this.columns.slice(0, index).map((earlier, i) => eb(earlier.column, '=', values[i]))
        return eb.and([...same, eb(column, direction === 'asc' ? '>' : '<', values[index])])
      })
      // The first column bounds the scan by itself; without this the databases read the list from its start.
      const [first] = this.columns as [KeyColumn]
      return eb.and([eb(first.column, first.direction === 'asc' ? '>=' : '<=', values[0]), eb.or(alternatives)])
    }
  }

  /** For `orderBy`: one expression a column. */
  get order() {
    return this.columns.map(({ column, direction }) =>
      direction === 'asc' ? sql`${sql.ref(column)} asc` : sql`${sql.ref(column)} desc`,
    )
  }
}

function badCursor(cause?: unknown): AppError {
  return new AppError(
    'bad_cursor',
    'This page address is damaged: its "after" value is not one this site gave out. Start again from the first page.',
    { cause },
  )
}

/** Splits `limit + 1` rows into a page and the cursor of the next one, absent on the last page. */
export function pageOf<Row extends object>(rows: Row[], limit: number, keyset: Keyset): { rows: Row[]; next?: string } {
  if (rows.length <= limit) return { rows }
  const page = rows.slice(0, limit)
  return { rows: page, next: keyset.cursorOf(page.at(-1) as Row) }
}
