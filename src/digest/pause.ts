import { type Db, inTransaction } from '../db/index.ts'
import { recordAdminAction } from '../people/index.ts'
import { noteWhyLate, readSetting, writeSetting } from './delivery-queries.ts'
import { LATEST_MS } from './plan-deliveries.ts'
import { wakeSender } from './wake-sender.ts'

const PAUSED_SETTING = 'digest.paused_at'

/** A change by an administrator, for the log. */
export type AdminChange = { actorId: string; at: Date; reason?: string; undoes?: number }
export type MailFlow = 'paused' | 'flowing'

/** Since when no digest is sent; undefined while they are. Sign-in and confirmation mail is never paused. */
export async function mailPausedSince(db: Db): Promise<string | undefined> {
  return (await readSetting(db, PAUSED_SETTING)) || undefined
}

export const mailFlow = async (db: Db): Promise<MailFlow> => ((await mailPausedSince(db)) ? 'paused' : 'flowing')

/**
 * Stops all digests, or lets them go on. Meanwhile promised mails are made and wait; those that wait longer than the
 * greatest lateness are given up, and their papers come with the next. False when it was so already.
 */
export function setMailFlow(db: Db, wanted: MailFlow, change: AdminChange): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    const before = await mailFlow(tx)
    if (before === wanted) return false
    const at = change.at.toISOString()
    await writeSetting(tx, PAUSED_SETTING, wanted === 'paused' ? at : '')
    if (wanted === 'flowing') {
      await noteWhyLate(tx, new Date(change.at.getTime() - LATEST_MS).toISOString(), 'all digests were paused')
      await wakeSender(tx, change.at)
    }
    const kind = wanted === 'paused' ? 'mail.pause' : 'mail.resume'
    await recordAdminAction(tx, { ...change, kind, subject: 'mail:digests', before, after: wanted })
    return true
  })
}
