import { aclAnthology } from './kinds/acl-anthology.ts'
import { biorxiv } from './kinds/biorxiv.ts'
import { dailyPapers } from './kinds/daily-papers.ts'
import { journalFeed } from './kinds/journal-feed.ts'
import { oaiDublinCore } from './kinds/oai-dublin-core.ts'
import { openreview } from './kinds/openreview.ts'
import type { SourceKind } from './source.ts'

/** Every kind of source beside arXiv, which has a room of its own. */
export const sourceKinds: readonly SourceKind<unknown>[] = [
  dailyPapers,
  oaiDublinCore,
  aclAnthology,
  biorxiv,
  openreview,
  journalFeed,
] as unknown as readonly SourceKind<unknown>[]

export function findKind(kind: string): SourceKind<unknown> | undefined {
  return sourceKinds.find((one) => one.kind === kind)
}
