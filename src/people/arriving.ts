import { AsyncLocalStorage } from 'node:async_hooks'
import type { JoinProblem } from './join-rules.ts'

/** A request on its way in, as much of it as signing in needs. */
export type Visit = {
  /** `https://papers.example.org`: where the site is, from its configuration or, on the machine itself, the request. */
  origin: string
  cookie?: string | undefined
  userAgent?: string | undefined
  /** Network address. */
  address?: string | undefined
}

/** What better-auth's hooks need to know while they run for a visit, and what they found out. */
export type Arriving = {
  visit: Visit
  /** The name somebody chose for a new account. */
  name?: string | undefined
  /** Why this person may not have a new account here; undefined when they may. */
  join: (who: { email: string | null }) => JoinProblem | undefined
  /** Set when a new account was made on the way. */
  createdPersonId?: string
  /** Set when a sign-in link was made: it goes into the mail. */
  linkToken?: string
}

/** Carries it through better-auth, which knows nothing of it. */
export const arriving = new AsyncLocalStorage<Arriving>()
