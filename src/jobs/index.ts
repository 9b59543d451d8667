export type { JobDefinition, JobOutcome, JobRun, JobTools, Lane } from './job.ts'
export { isLate, nextRun } from './schedule.ts'
export { jobs } from './table.ts'
export { createWorker, putOnSchedule, type Worker, type WorkerOptions } from './worker.ts'
