import type { z } from 'zod'
import type { PaperRecord } from '../papers/index.ts'

/** One paper as a source gave it. */
export type SourceItem = {
  record: PaperRecord
  /** The source's own subjects, for filters; what is arXiv's taxonomy is in the record. */
  subjects?: readonly string[]
  /** The source lists it on a day of its own: who submitted it there, and where that is. */
  listing?: { day: string; submittedBy?: string; site?: string }
}

/** What cannot be read of one record: the rest goes on. `record` names it as well as it can be named. */
export type BadItem = { record: string; reason: string }

/** A piece of a source, stored in one transaction with the `cursor` that says how far it got. */
export type SourcePage = {
  items: SourceItem[]
  bad: BadItem[]
  /** Plain JSON; handed back at the next poll. */
  cursor: unknown
  /** The answer the page came from: its validators are remembered once the page is stored. */
  answer?: Answer
}

export type Answer = {
  kind: 'ok'
  body: Buffer
  contentType: string
  url: string
  /** To be called once what the body says is stored: from then on "unchanged" means that we have it. */
  remember?: () => Promise<void>
}

export type AskOptions = {
  /** Send what is known of the last answer; `undefined` comes back when nothing has changed since. */
  conditional?: boolean
  timeoutMs?: number
  headers?: Record<string, string>
}

/** One polite request. Throws `SourceTrouble` for everything but an answer to be read. */
export type Ask = (url: string, options?: AskOptions) => Promise<Answer | undefined>

/** What the administrator sets for every source, whatever its kind. */
export type CommonSettings = {
  name: string
  title?: string | undefined
  enabled: boolean
  everyHours: number
  /** Whether its new papers come into the edition of the day. */
  edition: boolean
  /** Terms such as `cat:cs.CL`, `-author:"Ada Byron"`, `-survey`. */
  filters: readonly string[]
}

/**
 * A kind of source: how it is called, how its settings look, how it is polled and what it yields. A new kind is one file
 * in `kinds/` and a line in `source-kinds.ts`, and passes `source-contract.ts`.
 */
export type SourceKind<Settings> = {
  kind: string
  /** For the administrator: what comes from it, in a sentence. */
  about: string
  everyHours: number
  /** Settings of its own, beside the common ones. */
  settings: z.ZodType<Settings>
  /** An example of settings, shown as a hint and used by the contract tests. */
  example: Record<string, unknown>
  /**
   * Asks for what is new since `cursor` (undefined at first), page by page. Every page is stored before the next is
   * asked for, so a poll may be cut off anywhere and goes on from its last cursor. An answer that is no answer of this
   * source throws `SourceTrouble`, never ends the list.
   */
  poll(context: PollContext<Settings>): AsyncGenerator<SourcePage, void, void>
}

export type PollContext<Settings> = { settings: Settings; ask: Ask; cursor: unknown; now: Date }

/** Why a source gave nothing. `later` may be tried again at `until`; `broken` needs somebody to look. */
export class SourceTrouble extends Error {
  readonly kind: 'later' | 'blocked' | 'refused' | 'broken'
  readonly retryAt: Date | undefined

  constructor(kind: SourceTrouble['kind'], message: string, retryAt?: Date, options?: ErrorOptions) {
    super(message, options)
    this.name = 'SourceTrouble'
    this.kind = kind
    this.retryAt = retryAt
  }
}

/** For a source that answered something else than it should. */
export function broken(what: string, cause?: unknown): SourceTrouble {
  return new SourceTrouble('broken', what, undefined, { cause })
}
