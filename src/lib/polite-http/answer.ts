import type { Validators } from '../../db/index.ts'

export type PoliteRequest = {
  /** Who is asked, for the status page: failures, back-off and blocks are counted for each source. */
  source: string
  /** Requests of one lane go one after the other, in all processes together. Default: the host. */
  lane?: string
  /** Pause between two requests of the lane, from the end of one to the start of the next. */
  intervalMs?: number
  /** For pages of a site whose robots.txt wants a longer pause between pages: kept between those of the lane. */
  pageIntervalMs?: number
  /** For one attempt, body included. */
  timeoutMs?: number
  /** A larger body is refused, unpacked. */
  maxBytes?: number
  /** Attempts, pauses between them as the server or the back-off says. */
  tries?: number
  /** Total time to wait for turns, pauses and cool-downs before answering `later`. */
  patienceMs?: number
  /** Send the validators remembered for this address; the answer may then be `unchanged`. */
  conditional?: boolean
  headers?: Record<string, string>
  /** Ends waiting and asking at once, with the answer `later`. */
  signal?: AbortSignal | undefined
}

export type PoliteAnswer =
  | {
      kind: 'ok'
      status: number
      /** Unpacked, otherwise as received. */
      body: Buffer
      contentType: string
      /** Where it came from, after redirects. */
      url: string
      at: Date
      /** Of the address that was asked for; hand the answer to `rememberValidators` once its content is stored. */
      validators?: { url: string } & Validators
    }
  /** 304: what we stored of this address is still right. */
  | { kind: 'unchanged'; at: Date }
  /** 400, 404 and the like, a body that is too large, a redirect to nowhere: asking again is useless. */
  | { kind: 'refused'; status: number; message: string; body: Buffer }
  /** 401, 403, 451: this source does not want us. It is left alone until then; an administrator should know. */
  | { kind: 'blocked'; status: number; message: string; until: Date }
  /** Overload, a failure on the way, or our own cool-down: come back after `until`. */
  | { kind: 'later'; until: Date; message: string; status?: number }
