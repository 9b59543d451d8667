import { type Db, inTransaction, lockForWriting } from '../db/index.ts'
import { gatheringStatus, type Incident } from './gathering-status.ts'
import { insertIncident, openIncidents, updateIncident } from './queries.ts'

/** One line of the mail to the administrator. */
export type Notice = { id: number; kind: 'began' | 'over'; words: string; since: string }

/**
 * Notes what is wrong now and what no longer is, and answers what the administrator has not been told yet. Each incident
 * is told once, and its end once if its beginning was told. `ifTold` are not worth a beginning, and not over either.
 */
export async function noteIncidents(
  db: Db,
  more: readonly Pick<Incident, 'key' | 'words'>[],
  now: Date,
  ifTold: readonly Pick<Incident, 'key'>[] = [],
): Promise<Notice[]> {
  const current = new Map([...(await gatheringStatus(db, now)).incidents, ...more].map((one) => [one.key, one]))
  return inTransaction(db, async (tx) => {
    await lockForWriting(tx, 'incidents')
    const at = now.toISOString()
    const open = await openIncidents(tx)
    const known = new Set<string>()
    for (const row of open) {
      if (row.cleared_at !== null) continue
      known.add(row.key)
      if (!current.has(row.key) && !ifTold.some(({ key }) => key === row.key))
        await updateIncident(tx, row.id, { cleared_at: at })
    }
    for (const { key, words } of current.values()) {
      if (!known.has(key)) await insertIncident(tx, { key, words: words.slice(0, 1000), since: at })
    }
    return (await openIncidents(tx)).flatMap((row): Notice[] => {
      const { id, words, since } = row
      if (row.cleared_at === null) return row.mailed_at === null ? [{ id, kind: 'began', words, since }] : []
      return [{ id, kind: 'over', words, since }]
    })
  })
}

/** The administrator has been told. */
export async function noticesSent(db: Db, notices: readonly Notice[], now: Date): Promise<void> {
  const at = now.toISOString()
  for (const { id, kind } of notices) {
    await updateIncident(db, id, kind === 'began' ? { mailed_at: at } : { clear_mailed_at: at })
  }
}

/** The alert: subject and words. */
export function alertMail(
  notices: readonly Notice[],
  site: { name: string; address: string | undefined },
): { subject: string; text: string } {
  const began = notices.filter(({ kind }) => kind === 'began')
  const over = notices.filter(({ kind }) => kind === 'over')
  const subject =
    began.length === 0
      ? `${site.name}: all clear`
      : began.length === 1
        ? `${site.name}: ${began[0]?.words.slice(0, 100)}`
        : `${site.name}: ${began.length} things need a look`
  const part = (heading: string, some: readonly Notice[]) =>
    some.length === 0
      ? []
      : [
          heading,
          ...some.map(({ words, since }) => `- ${words} (since ${since.slice(0, 16).replace('T', ' ')} UTC)`),
          '',
        ]
  return {
    subject,
    text: [
      ...part('This needs a look:', began),
      ...part('This is over:', over),
      site.address ? `How everything stands: ${site.address}/status` : 'How everything stands: /status of your site.',
      'You are told once when something begins and once when it is over.',
      '',
    ].join('\n'),
  }
}
