import { type Db, renewTurn, takeTurn } from '../../db/index.ts'

/** A killed process loses its turn after this long; a living one renews it three times as often. */
const TURN_MS = 15_000
/** How often a lane that another process holds is looked at. */
const LOOK_AGAIN_MS = 1_000

export type TurnWanted = {
  lane: string
  holder: string
  intervalMs: number
  pageIntervalMs?: number | undefined
  deadline: Date
}
type Surroundings = {
  db: Db
  clock: () => Date
  sleep: (ms: number, signal: AbortSignal) => Promise<void>
  signal: AbortSignal
}

/** Waits until the lane is ours. If that would take longer than the deadline allows: when to come back, and why. */
export async function waitForTurn(
  { db, clock, sleep, signal }: Surroundings,
  { lane, holder, intervalMs, pageIntervalMs, deadline }: TurnWanted,
): Promise<{ until: Date; message: string } | undefined> {
  while (true) {
    const now = clock()
    const after = (ms: number) => new Date(now.getTime() + ms)
    if (signal.aborted) return { until: now, message: 'the program is stopping' }
    if (now > deadline) return { until: now, message: `other requests of ours to ${lane} took too long` }
    const turn = await takeTurn(db, {
      lane,
      holder,
      now,
      heldUntil: after(TURN_MS),
      // Should we be killed before the answer: the next process still keeps the distance.
      freeAt: after(intervalMs),
      ...(pageIntervalMs === undefined ? {} : { pagesFreeAt: after(pageIntervalMs) }),
    })
    if (turn.taken) return undefined
    if (turn.until > deadline) {
      const why =
        turn.cause === 'cooldown' ? `${lane} asked for a pause` : `other requests of ours to ${lane} come first`
      return { until: turn.until, message: why }
    }
    const wait = Math.max(1, turn.until.getTime() - now.getTime())
    await sleep(turn.cause === 'busy' ? Math.min(wait, LOOK_AGAIN_MS) : wait, signal)
  }
}

/** Keeps the turn while a request runs, however long that takes. */
export function renewing(db: Db, lane: string, holder: string, clock: () => Date): AsyncDisposable {
  let last: Promise<unknown> = Promise.resolve()
  const timer = setInterval(() => {
    // A renewal that fails costs at most the turn; the next one may do better.
    last = renewTurn(db, lane, holder, new Date(clock().getTime() + TURN_MS)).catch(() => {})
  }, TURN_MS / 3)
  timer.unref()
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      await last
    },
  }
}
