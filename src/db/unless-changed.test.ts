import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../tests/databases.ts'
import { migrate, openSqlite, unlessChanged } from './index.ts'

test('a result is kept until this program or another one writes, and a failure is not kept', async (t) => {
  const file = join(temporaryFolder(t), 'test.sqlite')
  const db = openSqlite(file)
  t.after(() => db.destroy())
  await migrate(db)
  const other = openSqlite(file)
  t.after(() => other.destroy())
  let reads = 0
  const settings = () =>
    unlessChanged(db, 'settings', async () => {
      reads += 1
      return db.selectFrom('setting').selectAll().where('name', 'in', ['a', 'b']).execute()
    })
  const atFirst = (await settings()).length
  assert.equal(await settings(), await settings())
  assert.equal(reads, 1)
  await db.insertInto('setting').values({ name: 'a', value: '1' }).execute()
  assert.equal((await settings()).length, atFirst + 1)
  await other.insertInto('setting').values({ name: 'b', value: '2' }).execute()
  assert.equal((await settings()).length, atFirst + 2)
  assert.equal(reads, 3)
  await settings()
  assert.equal(reads, 3)
  await assert.rejects(unlessChanged(db, 'failing', () => Promise.reject(new Error('once'))))
  assert.equal(await unlessChanged(db, 'failing', async () => 'well'), 'well')
})
