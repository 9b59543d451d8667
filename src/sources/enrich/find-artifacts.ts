import { inTransaction } from '../../db/index.ts'
import { raiseRevisions } from '../../papers/index.ts'
import { isObject } from '../formats/json-record.ts'
import { askAs, type SourceGate } from '../gather-source.ts'
import { parseJson } from '../parse-json.ts'
import { broken, SourceTrouble } from '../source.ts'
import { type Artifact, duePapers, noteAsked, saveArtifacts } from './queries.ts'

const ASKED_AT_ONCE = 20
const LISTED_WITHIN_DAYS = 90
/** Asked again after this: models appear in the first weeks. */
const AGAIN_DAYS = 3
const DAY_MS = 86_400_000
const KEPT = 10

/** Models and datasets on the Hub whose cards name a paper (tag `arxiv:<id>`), for papers listed lately. */
export async function findArtifacts(
  gate: SourceGate,
  { url }: { url: string },
  signal?: AbortSignal,
): Promise<{ asked: number }> {
  const { db, clock } = gate
  const ask = askAs('hub', gate.http)
  const now = clock()
  const since = new Date(now.getTime() - LISTED_WITHIN_DAYS * DAY_MS).toISOString().slice(0, 10)
  let asked = 0
  for (const { id, arxivId } of await duePapers(db, since, now.toISOString(), ASKED_AT_ONCE)) {
    if (signal?.aborted) break
    asked += 1
    const found: Artifact[] = []
    try {
      for (const kind of ['model', 'dataset'] as const) {
        const query = new URLSearchParams({ filter: `arxiv:${arxivId}`, limit: String(KEPT), sort: 'downloads' })
        const answer = await ask(`${url}/api/${kind}s?${query}`)
        if (answer) found.push(...artifactsIn(answer.body, kind))
      }
    } catch (error) {
      if (!(error instanceof SourceTrouble) || error.kind !== 'refused') throw error
    }
    const at = clock()
    await inTransaction(db, async (tx) => {
      const isChanged = await saveArtifacts(tx, id, found, at.toISOString())
      if (isChanged) await raiseRevisions(tx, [id])
      await noteAsked(tx, 'artifacts', arxivId, new Date(at.getTime() + AGAIN_DAYS * DAY_MS).toISOString())
    })
  }
  return { asked }
}

export function artifactsIn(body: Buffer, kind: Artifact['kind']): Artifact[] {
  const json = parseJson(body, 'the Hub')
  if (!Array.isArray(json)) throw broken('the Hub answered no list')
  const count = (value: unknown) => (Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : 0)
  return json.slice(0, KEPT).flatMap((one): Artifact[] => {
    const name = isObject(one) && typeof one.id === 'string' ? one.id : ''
    if (!isObject(one) || !/^[\w.-]{1,100}\/[\w.-]{1,100}$/.test(name)) return []
    return [{ kind, name, likes: count(one.likes), downloads: count(one.downloads) }]
  })
}
