export { bulkInsert, bulkInsertWithIds } from './bulk-insert.ts'
export { runCompiled } from './compile-once.ts'
export {
  createFolder,
  databaseFile,
  folderProblem,
  instanceSecret,
  lockDataFolder,
  nearestExisting,
} from './data-folder.ts'
export {
  type Db,
  type DialectName,
  databaseVersion,
  dialectOf,
  inTransaction,
  isAmong,
  lockForWriting,
  queryPlan,
  refreshStatistics,
} from './dialect.ts'
export { inDurableTransaction } from './durable.ts'
export {
  countJobs,
  dropJob,
  enqueueJob,
  extendLease,
  failJob,
  findJob,
  finishJob,
  forgetJobs,
  hasDueJobs,
  type Job,
  type JobRequest,
  type JobRow,
  listJobs,
  releaseJob,
  scheduleJob,
  takeJob,
} from './job-queue.ts'
export { type KeyColumn, Keyset, pageOf } from './keyset.ts'
export { listen, notify } from './listeners.ts'
export { migrate } from './migrate.ts'
export {
  giveTurnBack,
  type LaneTurn,
  politeSources,
  renewTurn,
  reopenSource,
  saveSourceHealth,
  saveValidators,
  sourceHealth,
  takeTurn,
  type Validators,
  validatorsOf,
} from './outgoing.ts'
export { moveReferences, paperReferences } from './paper-references.ts'
export { openPostgres } from './postgres.ts'
export { rateStore } from './rate-store.ts'
export type * from './schema.ts'
export { openSqlite } from './sqlite.ts'
export { unlessChanged } from './unless-changed.ts'
export { forgetBeats, lastBeat, saveBeat } from './worker-beats.ts'
