import assert from 'node:assert/strict'
import { copyFileSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { temporaryFolder } from '../../tests/databases.ts'
import { clockAt, deliveryStates, digestTools, fillEdition, subscribed } from '../../tests/digests.ts'
import { startMailServer } from '../../tests/mail-server.ts'
import { copyPostgresDatabase, withPostgresDatabase } from '../../tests/postgres.ts'
import { migrate, openPostgres, openSqlite } from '../db/index.ts'
import { runDigests } from './index.ts'
import { guardMail } from './mail-guard.ts'

const worker = 'test'
const eve = new Date('2026-03-02T12:00:00Z')

async function filled(t: TestContext, folder: string) {
  const file = join(folder, 'paperround.sqlite')
  const open = () => openSqlite(file)
  const db = open()
  await migrate(db)
  await fillEdition(db, '2026-03-02', 2)
  await fillEdition(db, '2026-03-03', 2)
  await fillEdition(db, '2026-03-04', 2)
  await subscribed(db, 'ada@example.org', {}, eve)
  const server = await startMailServer(t)
  return { db, file, open, server }
}

for (const restored of ['the database alone', 'the whole folder'] as const) {
  test(`a restored backup (${restored}) does not mail yesterday again, and goes on tomorrow`, async (t) => {
    const folder = temporaryFolder(t)
    const { db, file, open, server } = await filled(t, folder)
    const clock = clockAt('2026-03-02T13:00:00Z')
    const tools = digestTools(t, db, server, clock, { dataFolder: folder, databaseFile: file })
    await guardMail(tools, clock.now)
    await guardMail(tools, clock.now)
    // The backup is made the evening before; then the mail of the 3rd goes out.
    await db.destroy()
    const backup = temporaryFolder(t)
    copyFileSync(file, join(backup, 'paperround.sqlite'))
    copyFileSync(join(folder, 'mail-epoch'), join(backup, 'mail-epoch'))
    const second = open()
    clock.now = new Date('2026-03-03T07:00:00Z')
    await runDigests({ ...tools, db: second }, { worker })
    assert.equal(server.delivered.length, 1)
    await second.destroy()
    for (const end of ['-wal', '-shm']) rmSync(file + end, { force: true })
    copyFileSync(join(backup, 'paperround.sqlite'), `${file}.new`)
    renameSync(`${file}.new`, file)
    if (restored === 'the whole folder') copyFileSync(join(backup, 'mail-epoch'), join(folder, 'mail-epoch'))
    const third = open()
    t.after(() => third.destroy())
    clock.now = new Date('2026-03-03T09:00:00Z')
    const report = await runDigests({ ...tools, db: third }, { worker })
    assert.equal(report.restored, true)
    assert.equal(server.delivered.length, 1, 'not again')
    assert.match((await deliveryStates(third)).join(), /2026-03-03: unknown \(the database was restored/)
    clock.now = new Date('2026-03-04T07:00:00Z')
    assert.equal((await runDigests({ ...tools, db: third }, { worker })).restored, false)
    assert.equal(server.delivered.length, 2, 'tomorrow’s comes, with its own papers only')
    const [, mail] = await server.mailTo('ada@example.org')
    assert.match(mail?.text ?? '', /of 2026-03-04/)
    assert.doesNotMatch(mail?.text ?? '', /of 2026-03-03/)
  })
}

test('a restored PostgreSQL database does not mail yesterday again, and goes on tomorrow', async (t) => {
  const url = await withPostgresDatabase(t)
  if (!url) return
  const server = await startMailServer(t)
  const folder = temporaryFolder(t)
  const clock = clockAt('2026-03-02T13:00:00Z')
  const db = openPostgres(url)
  await migrate(db)
  for (const day of ['2026-03-02', '2026-03-03', '2026-03-04']) await fillEdition(db, day, 2)
  await subscribed(db, 'ada@example.org', {}, eve)
  const tools = digestTools(t, db, server, clock, { dataFolder: folder })
  await guardMail(tools, clock.now)
  await db.destroy()
  // The copy is of the evening before, while the program goes on with the original.
  const backup = await copyPostgresDatabase(url)
  const original = openPostgres(url)
  clock.now = new Date('2026-03-03T07:00:00Z')
  await runDigests({ ...tools, db: original }, { worker })
  assert.equal(server.delivered.length, 1)
  await original.destroy()
  const restored = openPostgres(backup)
  t.after(() => restored.destroy())
  clock.now = new Date('2026-03-03T09:00:00Z')
  assert.equal((await runDigests({ ...tools, db: restored }, { worker })).restored, true)
  assert.equal(server.delivered.length, 1, 'not again')
  assert.match((await deliveryStates(restored)).join(), /2026-03-03: unknown \(the database was restored/)
  clock.now = new Date('2026-03-04T07:00:00Z')
  await runDigests({ ...tools, db: restored }, { worker })
  const [, mail] = await server.mailTo('ada@example.org')
  assert.match(mail?.text ?? '', /of 2026-03-04/)
  assert.doesNotMatch(mail?.text ?? '', /of 2026-03-03/)
})

test('killed between the two marks of the first run is no restored backup', async (t) => {
  const folder = temporaryFolder(t)
  const { db, file } = await filled(t, folder)
  t.after(() => db.destroy())
  const tools = { db, dataFolder: folder, databaseFile: file }
  assert.equal(await guardMail(tools, eve), false)
  assert.equal(readFileSync(join(folder, 'mail-epoch'), 'utf8').trim(), '1')
  rmSync(join(folder, 'mail-epoch'))
  assert.equal(await guardMail(tools, eve), false)
  rmSync(join(folder, 'mail-epoch'))
  assert.equal(await guardMail(tools, eve), true, 'later the file is missed')
})
