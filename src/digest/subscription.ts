import { z } from 'zod'
import { isZone } from './local-time.ts'
import { type Rhythm, rhythms, type Schedule, workingDays } from './schedule.ts'
import type { SubscriptionRow } from './subscription-queries.ts'
import { readWant, type Want, wantSchema } from './want.ts'

/** What somebody can choose. */
export const settingsSchema = z.object({
  want: wantSchema,
  rhythm: z.enum(rhythms),
  weekdays: z.array(z.number().int().min(1).max(7)).min(1).max(7),
  hour: z.number().int().min(0).max(23),
  zone: z.string().refine(isZone, 'expected the name of a time zone, such as Europe/Berlin'),
  length: z.number().int().min(1).max(50),
})
export type SubscriptionSettings = z.output<typeof settingsSchema>

export const defaultSettings = (zone: string): SubscriptionSettings => ({
  want: { kind: 'edition' },
  rhythm: 'daily',
  weekdays: [...workingDays],
  hour: 7,
  zone,
  length: 20,
})

export type Subscription = SubscriptionSettings & {
  id: string
  subscriberId: string
  state: 'waiting' | 'unconfirmed' | 'active' | 'paused' | 'ended'
  token: string
  nextAt?: Date
  lastSentAt?: Date
  pausedUntil?: Date
}

export function readSubscription(row: SubscriptionRow): Subscription {
  return {
    id: row.id,
    subscriberId: row.subscriber_id,
    state: row.state as Subscription['state'],
    token: row.token,
    want: readWant(row.want),
    ...scheduleOf(row),
    weekdays: [...scheduleOf(row).weekdays],
    length: row.length,
    ...(row.next_at ? { nextAt: new Date(row.next_at) } : {}),
    ...(row.last_sent_at ? { lastSentAt: new Date(row.last_sent_at) } : {}),
    ...(row.paused_until ? { pausedUntil: new Date(row.paused_until) } : {}),
  }
}

export function scheduleOf(row: Pick<SubscriptionRow, 'rhythm' | 'weekdays' | 'hour' | 'zone'>): Schedule {
  return { rhythm: row.rhythm as Rhythm, weekdays: [...row.weekdays].map(Number), hour: row.hour, zone: row.zone }
}

/** The columns that settings fill. */
export function settingsColumns({ want, rhythm, weekdays, hour, zone, length }: SubscriptionSettings) {
  const sorted = [...new Set(weekdays)].sort((a, b) => a - b)
  return { want: JSON.stringify(want), rhythm, weekdays: sorted.join(''), hour, zone, length }
}

/** Whether two wishes would bring the same mail. */
export const isSameWant = (a: Want, b: Want): boolean => JSON.stringify(a) === JSON.stringify(b)
