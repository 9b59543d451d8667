export * from './arxiv/index.ts'
export {
  adoptSourcesFile,
  arxivChoice,
  arxivEditionFilter,
  changeArxiv,
  changeSource,
  configuredSources,
  findSource,
  followedCategories,
  pollJob,
  pollNow,
  removeSource,
  type SourceChange,
  type SourceInForce,
  sourceSettings,
} from './configure-sources.ts'
export {
  type DayState,
  dayState,
  isDayComplete,
  newYorkClock,
  nextDayInWords,
  type SubjectDay,
} from './day-state.ts'
export { findArtifacts } from './enrich/find-artifacts.ts'
export { findCodeLinks } from './enrich/find-code-links.ts'
export { type Artifact, artifactsOf, starHistory } from './enrich/queries.ts'
export { refreshStars, type StarsSettings } from './enrich/refresh-stars.ts'
export { type GatherResult, gatherSource, type SourceGate } from './gather-source.ts'
export {
  type GatheringStatus,
  gatheringStatus,
  type Incident,
  isArxivFollowed,
  type SourceCondition,
  type SourceStatus,
} from './gathering-status.ts'
export { type SourceStateRow, sourceStates } from './queries.ts'
export type { ImportFormat, ImportItem, ListingFact } from './read-import.ts'
export { importFormats, readImport } from './read-import.ts'
export { readSourcesFile } from './read-sources-file.ts'
export { SourceTrouble } from './source.ts'
export { sourceKinds } from './source-kinds.ts'
export type { ConfiguredSource } from './source-settings.ts'
export { readStarter } from './starter.ts'
export { alertMail, type Notice, noteIncidents, noticesSent } from './watch-sources.ts'
