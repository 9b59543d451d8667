// Running sites as several stories need them, for a whole file of tests.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { type Db, openSqlite } from '../src/db/index.ts'
import { temporaryFolder } from './databases.ts'
import { type MailServer, openMailServer } from './mail-server.ts'
import { ada, seedPeople } from './people.ts'
import { until } from './processes.ts'
import { type Site, startSite } from './program.ts'
import { freePort } from './wire.ts'

/** A site that mails through a server of the test, at an address of its own. */
export async function startSiteWithMail(
  t: Pick<TestContext, 'after'>,
  more: Record<string, string> = {},
): Promise<{ site: Site; mail: MailServer }> {
  const mail = await openMailServer()
  t.after(() => mail.close())
  const port = await freePort()
  const site = await startSite(t, temporaryFolder(t), {
    PORT: String(port),
    SMTP_URL: `smtp://127.0.0.1:${mail.port}?tls=none&rate=0`,
    PAPERROUND_MAIL_FROM: 'papers@example.org',
    PAPERROUND_BASE_URL: `http://localhost:${port}`,
    ...more,
  })
  await until(() => /First administrator/.test(site.output()))
  return { site, mail }
}

/** A site whose people are there, Ada as administrator; nothing happens in it by itself. Its database is open beside it. */
export async function startSiteWithPeople(
  t: Pick<TestContext, 'after'>,
): Promise<{ site: Site; db: Db; secret: string }> {
  const folder = temporaryFolder(t)
  const site = await startSite(t, folder, { PAPERROUND_WORKER: 'false', PAPERROUND_GATHER: 'false' })
  const db = openSqlite(join(folder, 'paperround.sqlite'))
  t.after(() => db.destroy())
  const secret = readFileSync(join(folder, 'secret'), 'utf8').trim()
  await seedPeople(db)
  await db.updateTable('person').set({ role: 'admin' }).where('id', '=', ada).execute()
  return { site, db, secret }
}
