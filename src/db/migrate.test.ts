import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../tests/databases.ts'
import { migrate, openSqlite } from './index.ts'
import { nativeOf } from './sqlite.ts'

test('a start that ends anywhere among the migrations of SQLite leaves nothing behind, and the next one does them all', async (t) => {
  // Every third statement is enough, and not the same in each migration.
  for (let allowed = 5; ; allowed += 3) {
    const path = join(temporaryFolder(t), 'half.sqlite')
    const db = openSqlite(path)
    const isWhole = await migrate(endingAfter(db, allowed)).then(
      () => true,
      (cause) => {
        assert.match(String(cause), /the machine stopped/)
        return false
      },
    )
    await db.destroy()
    const again = openSqlite(path)
    const { created } = await migrate(again)
    assert.equal(created, !isWhole)
    await again.destroy()
    if (isWhole) {
      assert.ok(allowed > 100, `it took ${allowed} statements only`)
      break
    }
  }
})

/** The database, whose driver refuses everything after so many statements, but to roll back. */
function endingAfter(db: ReturnType<typeof openSqlite>, statements: number) {
  const native = nativeOf(db)
  const prepare = native.prepare.bind(native)
  let left = statements
  native.prepare = (sql) => {
    if (sql !== 'rollback' && left-- <= 0) throw new Error('the machine stopped')
    return prepare(sql)
  }
  return db
}
