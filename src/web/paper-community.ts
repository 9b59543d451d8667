import { type Upvoter, upvoters } from '../discussion/index.ts'
import { type Place, pickOf, placeOf, type Remark, submissionsOf } from '../feed/index.ts'
import { currentAnnouncementDay, type PaperDetail } from '../papers/index.ts'
import { type ClaimState, confirmedAuthors, findClaim, reaches } from '../people/index.ts'
import { type Reader, readerOf } from './parts/reader.ts'
import type { CurrentSite, Request } from './site.ts'

/** Names under a paper; the rest are a number. */
const UPVOTERS_SHOWN = 12
const REMARKS_SHOWN = 50

/** What the community and its editors did with a paper, and what this reader may do. */
export type PaperCommunity = {
  reader: Reader
  upvoters: Upvoter[]
  pick?: { at: string; name?: string }
  remarks: Remark[]
  authors: { id: string; name: string }[]
  isSignedIn: boolean
  claim?: ClaimState
  /** Only for editors. */
  tools?: { place: Place; today: string }
}

export async function communityOf(request: Request, site: CurrentSite, paper: PaperDetail): Promise<PaperCommunity> {
  const { db } = site
  const { card } = paper
  const viewer = request.get('viewer')
  const pick = card.isPick ? await pickOf(db, card.id) : undefined
  const claim = viewer && (await findClaim(db, viewer.personId, card.id))
  const isEditor = viewer !== undefined && reaches(viewer.role, 'editor')
  return {
    reader: await readerOf(request, site, [card]),
    upvoters: card.upvotes > 0 ? await upvoters(db, card.id, UPVOTERS_SHOWN) : [],
    remarks: await submissionsOf(db, card.id, REMARKS_SHOWN),
    authors: await confirmedAuthors(db, card.id),
    isSignedIn: viewer !== undefined,
    ...(pick ? { pick } : {}),
    ...(claim ? { claim } : {}),
    ...(isEditor ? { tools: { place: await placeOf(db, card.id), today: currentAnnouncementDay(site.clock()) } } : {}),
  }
}
