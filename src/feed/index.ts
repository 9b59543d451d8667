export { badgesFixedAt, closeEditions, rejudgeBadges } from './close-editions.ts'
export { type EditionPage, editionPage, latestPeriod, type TrendingPage, trendingPage } from './edition-page.ts'
export { type EntryState, pickOf, type Removal } from './editor-queries.ts'
export { explainHotness, HOURS_PER_DECADE, type HotnessReason, hotness } from './hotness.ts'
export { joinPapers } from './join-papers.ts'
export { listGathered } from './list-gathered.ts'
export { type Listing, listPapers } from './list-papers.ts'
export * from './period.ts'
export { type EditorChange, pickPaper } from './pick-paper.ts'
export { PLACEABLE_DAYS, type Place, placeOf, placePaper, removePaper, restorePlace } from './place-paper.ts'
export { countEditions, dayAtOrBefore, editionSkeleton } from './queries.ts'
export { refreshCardsOf } from './refresh-cards.ts'
export { failRequest, resolveRequests } from './resolve-requests.ts'
export {
  queuedPapers,
  type Remark,
  type RequestState,
  requestsOf,
  type SubmissionRequest,
  submissionsOf,
} from './submission-queries.ts'
export { birthdayOf, rulesInWords, type SubmissionRules, type Submitter, whyNotNow } from './submission-rules.ts'
export { planSubmission, type Submission, type SubmissionPlan, submitPaper } from './submit-paper.ts'
