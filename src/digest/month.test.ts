import { test } from 'node:test'
import { onEveryDatabase } from '../../tests/databases.ts'
import { simulateMonth } from '../../tests/digest-month.ts'
import { startMailServer } from '../../tests/mail-server.ts'
import { dialectOf } from '../db/index.ts'

// The full one, 10,000 readers over a month, is `npm run bench:digest-month`; `-- --database URL` for PostgreSQL.
onEveryDatabase('a month of digests', (open) => {
  test('P47: readers in 30 zones over the days in which clocks change get what was promised, at their hour, once', async (t) => {
    const db = await open(t)
    if (!db) return
    const server = await startMailServer(t)
    // Where each question is a journey, fewer days: the rules are the same code.
    const [from, readers] = dialectOf(db) === 'sqlite' ? ['2026-03-26', 60] : ['2026-03-29', 30]
    const withoutPapers = ['2026-03-27']
    await simulateMonth(t, db, server, { from, to: '2026-03-31', readers, papersADay: 2, withoutPapers })
  })
})
