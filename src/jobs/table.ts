import { checkVotes } from './check-votes.ts'
import { closeEditionsJob } from './close-editions.ts'
import { gatherOneSource } from './gather-source.ts'
import type { JobDefinition } from './job.ts'
import { planSources } from './plan-sources.ts'
import { resolveSubmissions } from './resolve-submissions.ts'
import { tidyJobs } from './tidy-jobs.ts'

/**
 * Every job of the program, those of the schedule with their times (minute, hour, day, month, weekday). Each is a file
 * whose function calls into a room. One that is asked for only (`enqueueJob`) has no schedule.
 */
export const jobs: readonly JobDefinition[] = [
  {
    name: 'plan-sources',
    about: 'sees to it that every source is asked at its time',
    lane: 'upkeep',
    schedule: { cron: '*/10 * * * *', zone: 'instance' },
    lateAfterMinutes: 60,
    run: planSources,
  },
  {
    name: 'gather-source',
    about: 'asks one source for what is new',
    lane: 'sources',
    timeLimitMinutes: 60,
    run: gatherOneSource,
  },
  {
    name: 'tidy-jobs',
    about: 'forgets finished jobs after two weeks',
    lane: 'upkeep',
    schedule: { cron: '20 4 * * *', zone: 'instance' },
    lateAfterMinutes: 24 * 60,
    run: tidyJobs,
  },
  {
    name: 'close-editions',
    about: 'gives the badges of days, weeks and months that have closed',
    lane: 'upkeep',
    schedule: { cron: '5 * * * *', zone: 'instance' },
    lateAfterMinutes: 6 * 60,
    run: closeEditionsJob,
  },
  {
    name: 'resolve-submissions',
    about: 'lists submitted papers that have been gathered since',
    lane: 'upkeep',
    schedule: { cron: '*/5 * * * *', zone: 'instance' },
    lateAfterMinutes: 60,
    run: resolveSubmissions,
  },
  {
    name: 'check-votes',
    about: 'recounts every paper from its votes, and forgets which networks old votes came from',
    lane: 'upkeep',
    schedule: { cron: '40 3 * * *', zone: 'instance' },
    lateAfterMinutes: 24 * 60,
    run: checkVotes,
  },
]
