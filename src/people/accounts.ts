import type { Db } from '../db/index.ts'
import type { Arrival, Entry } from './entry.ts'
import { findEntry } from './find-entry.ts'
import { formToken, isFormToken } from './form-token.ts'
import { keyFor } from './session-cookie.ts'

/** What accounts are made of. `secret` is the instance's; every use gets a key of its own from it. */
export type AccountsOptions = { db: Db; secret: string }

/** Everything that needs the instance's secret: who comes in, and whether a form is ours. */
export type Accounts = {
  entry(arrival: Arrival, now: Date): Promise<Entry | 'refused' | undefined>
  formToken(sessionId: string): string
  isFormToken(sessionId: string, given: unknown): boolean
}

export function createAccounts({ db, secret }: AccountsOptions): Accounts {
  const sessionKey = keyFor(secret, 'sessions')
  const formKey = keyFor(secret, 'forms')
  return {
    entry: (arrival, now) => findEntry(db, sessionKey, arrival, now),
    formToken: (sessionId) => formToken(formKey, sessionId),
    isFormToken: (sessionId, given) => isFormToken(formKey, sessionId, given),
  }
}
