// A process of its own that gathers by the schedule until the story ends, to be killed at any moment. Its clock is kept by
// the test, so that time goes on where it was: node gatherer.ts DATABASE SERVER CLOCK END. DATABASE is a file, or a URL.
import { migrate, openPostgres, openSqlite } from '../../src/db/index.ts'
import { createPoliteClient } from '../../src/lib/polite-http/index.ts'
import { gateTo, runSchedule } from './fortnight.ts'

const [database, server, clockUrl, end] = process.argv.slice(2) as [string, string, string, string]
const db = database.startsWith('postgres') ? openPostgres(database) : openSqlite(database)
await migrate(db)
let now = 0
const askClock = async (query: string) => {
  now = Number(await (await fetch(`${clockUrl}/?${query}`)).text())
}
await askClock('')
const clock = () => new Date(now)
const http = createPoliteClient({
  db,
  userAgent: 'Paperround/test',
  clock,
  sleep: (ms) => askClock(`later=${ms}`),
  random: () => 0.5,
})
console.log('gathering')
await runSchedule(
  gateTo(db, http, clock, server),
  { clock, set: (to) => askClock(`to=${to.getTime()}`) },
  new Date(end),
)
await db.destroy()
