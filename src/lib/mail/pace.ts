import { setTimeout as sleep } from 'node:timers/promises'

const FIRST_PAUSE_MS = 5_000
/** The longest a host is left alone before it is tried again. Doubling it delays mail after a long outage by as much. */
const LONGEST_PAUSE_MS = 10 * 60_000

/**
 * The one pace of all mail to a host: turns at a fixed rate, and a pause that doubles as long as the host cannot be
 * used. Times are from a clock that only goes forward.
 */
export class Pace {
  #firstPauseMs: number
  #nextTurn = 0
  #pausedUntil = 0
  #failures = 0

  constructor(firstPauseMs = FIRST_PAUSE_MS) {
    this.#firstPauseMs = firstPauseMs
  }

  /** Waits for the next turn at `rate` messages a second; 0 never waits. */
  async turn(rate: number): Promise<void> {
    if (rate <= 0) return
    const now = performance.now()
    const mine = Math.max(now, this.#nextTurn)
    this.#nextTurn = mine + 1000 / rate
    if (mine > now) await sleep(mine - now)
  }

  /** How long the host should still be left alone, in milliseconds. */
  get pausedMs(): number {
    return Math.max(0, Math.ceil(this.#pausedUntil - performance.now()))
  }

  /** The host could not be used. Failures of messages that were under way together count once. */
  failed(): number {
    if (this.pausedMs === 0) {
      const length = Math.min(LONGEST_PAUSE_MS, this.#firstPauseMs * 2 ** Math.min(this.#failures, 20))
      this.#failures++
      this.#pausedUntil = performance.now() + length
    }
    return this.pausedMs
  }

  succeeded(): void {
    this.#failures = 0
    this.#pausedUntil = 0
  }
}

const paces = new Map<string, Pace>()

/** The same object for every transport of this program that speaks to the same server. */
export function paceOf(host: string, port: number): Pace {
  const key = `${host}:${port}`
  let pace = paces.get(key)
  if (!pace) {
    pace = new Pace()
    paces.set(key, pace)
  }
  return pace
}
