import { inTransaction } from '../../db/index.ts'
import { setStars } from '../../papers/index.ts'
import { isObject } from '../formats/json-record.ts'
import { askAs, type SourceGate } from '../gather-source.ts'
import { parseJson } from '../parse-json.ts'
import { SourceTrouble } from '../source.ts'
import { dueRepositories, noteAsked, saveStars } from './queries.ts'

/** GitHub gives 60 answers an hour without a key. */
const ASKED_AT_ONCE = 25
const LISTED_WITHIN_DAYS = 90
const DAY_MS = 86_400_000
/** A repository that is not there any more is looked for again after this. */
const GONE_DAYS = 30

export type StarsSettings = { url: string; token?: string | undefined }

/**
 * Stars of the repositories of papers listed lately, each once a day, with their history. Conditional requests: what has
 * not changed costs GitHub and us nothing. Stops at the first sign that GitHub wants to be left alone.
 */
export async function refreshStars(
  gate: SourceGate,
  { url, token }: StarsSettings,
  signal?: AbortSignal,
): Promise<{ asked: number }> {
  const { db, clock } = gate
  const ask = askAs('github', gate.http)
  const now = clock()
  const since = new Date(now.getTime() - LISTED_WITHIN_DAYS * DAY_MS).toISOString().slice(0, 10)
  let asked = 0
  for (const link of await dueRepositories(db, since, now.toISOString(), ASKED_AT_ONCE)) {
    if (signal?.aborted) break
    const name = link.replace(/^https:\/\/github\.com\//, '')
    asked += 1
    try {
      const answer = await ask(`${url}/repos/${name}`, {
        conditional: true,
        headers: { accept: 'application/vnd.github+json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
      })
      const at = clock()
      const next = new Date(at.getTime() + DAY_MS)
      const stars = answer === undefined ? undefined : starsIn(answer.body)
      await inTransaction(db, async (tx) => {
        if (stars !== undefined) {
          await saveStars(tx, link, at.toISOString().slice(0, 10), stars)
          await setStars(tx, link, stars)
        }
        await noteAsked(tx, 'stars', link, next.toISOString())
      })
      await answer?.remember?.()
    } catch (error) {
      // Not there, or renamed beyond recognition: this one link, not GitHub.
      if (!(error instanceof SourceTrouble) || error.kind !== 'refused') throw error
      await noteAsked(db, 'stars', link, new Date(clock().getTime() + GONE_DAYS * DAY_MS).toISOString())
    }
  }
  return { asked }
}

function starsIn(body: Buffer): number | undefined {
  const json = parseJson(body, 'GitHub')
  const stars = isObject(json) ? json.stargazers_count : undefined
  return Number.isSafeInteger(stars) && (stars as number) >= 0 ? (stars as number) : undefined
}
