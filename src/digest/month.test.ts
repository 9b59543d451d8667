import { test } from 'node:test'
import { openSqliteForTest } from '../../tests/databases.ts'
import { simulateMonth } from '../../tests/digest-month.ts'
import { startMailServer } from '../../tests/mail-server.ts'

// The full one, 10,000 readers over a month, is `npm run bench:digest-month`.
test('P47: readers in 30 zones over the weeks in which clocks change get what was promised, at their hour, once', async (t) => {
  const db = await openSqliteForTest(t)
  const server = await startMailServer(t)
  const holidays = ['2026-03-27']
  await simulateMonth(t, db, server, {
    from: '2026-03-26',
    to: '2026-03-31',
    readers: 60,
    papersADay: 2,
    withoutPapers: holidays,
  })
})
