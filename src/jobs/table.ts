import type { JobDefinition } from './job.ts'
import { tidyJobs } from './tidy-jobs.ts'

/**
 * Every job of the program, those of the schedule with their times (minute, hour, day, month, weekday). Each is a file
 * whose function calls into a room. One that is asked for only (`enqueueJob`) has no schedule.
 */
export const jobs: readonly JobDefinition[] = [
  {
    name: 'tidy-jobs',
    about: 'forgets finished jobs after two weeks',
    lane: 'upkeep',
    schedule: { cron: '20 4 * * *', zone: 'instance' },
    lateAfterMinutes: 24 * 60,
    run: tidyJobs,
  },
]
