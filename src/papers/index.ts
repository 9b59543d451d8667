export { absorbPaper, papersToJoin } from './absorb-paper.ts'
export * from './announcement-day.ts'
export { arxivMonth, arxivSortKey, parseArxivId } from './arxiv-id.ts'
export { familyName } from './author-name.ts'
export { authorName } from './author-page.ts'
export type { Badge, Card, Mark } from './card.ts'
export * from './category.ts'
export { onChanges, recordChanges } from './change-log.ts'
export * from './citation.ts'
export { cardsOf, hideWithdrawn, type ListRule } from './hydrate-cards.ts'
export { paperPath, parsePublicId, publicId } from './identity.ts'
export { addLinks, setStars } from './link-queries.ts'
export { deleteMergeCandidate, mergeCandidates } from './merge-queries.ts'
export type * from './paper.ts'
export { type PaperAddress, parsePaperAddress } from './paper-address.ts'
export { findPaper, type PaperDetail } from './paper-page.ts'
export { authorKey, type PaperState, type PreparedPaper, preparePaper } from './paper-state.ts'
export { authorPath } from './present-card.ts'
export {
  authorIds,
  categoryIds,
  countPapers,
  hasPapers,
  type IdPage,
  lastChange,
  type PageRequest,
  paperIdByIdentifier as paperIdOf,
  raiseRevisions,
} from './queries.ts'
export { relatedCards } from './related-papers.ts'
export { splitAuthors } from './split-authors.ts'
export { titleHash } from './title-hash.ts'
export { mergeJob, type UpsertOutcome, upsertPapers, upsertPrepared } from './upsert-papers.ts'
