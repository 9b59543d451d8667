import { checkVotes } from './check-votes.ts'
import { closeEditionsJob } from './close-editions.ts'
import { compareArxivFeeds } from './compare-arxiv-feeds.ts'
import { compareArxivIdentifiers } from './compare-arxiv-identifiers.ts'
import { fillArxivRecords } from './fill-arxiv-records.ts'
import { findLinks } from './find-code-links.ts'
import { gatherArxivDay } from './gather-arxiv-day.ts'
import { gatherOneSource } from './gather-source.ts'
import { harvestArxiv } from './harvest-arxiv.ts'
import type { JobDefinition } from './job.ts'
import { mergePapers } from './merge-papers.ts'
import { planSources } from './plan-sources.ts'
import { readReturns } from './read-returns.ts'
import { findArtifactsJob, refreshStarsJob } from './refresh-stars.ts'
import { resolveStarterPapers } from './resolve-starter.ts'
import { resolveSubmissions } from './resolve-submissions.ts'
import { sendConfirmationJob } from './send-confirmation.ts'
import { sendDigests } from './send-digests.ts'
import { tidyAccounts } from './tidy-accounts.ts'
import { tidyJobs } from './tidy-jobs.ts'
import { tidySubscriptions } from './tidy-subscriptions.ts'
import { watchSources } from './watch-sources.ts'

/**
 * Every job of the program, those of the schedule with their times (minute, hour, day, month, weekday). Each is a file
 * whose function calls into a room. One that is asked for only (`enqueueJob`) has no schedule.
 */
export const jobs: readonly JobDefinition[] = [
  {
    name: 'gather-arxiv-day',
    about: "gathers arXiv's day when its lists are due, and days that were missed",
    lane: 'day',
    schedule: { cron: '*/10 * * * *', zone: 'America/New_York' },
    lateAfterMinutes: 90,
    timeLimitMinutes: 120,
    run: gatherArxivDay,
  },
  {
    name: 'harvest-arxiv',
    about: "fetches arXiv's own records of what changed: versions, licences, withdrawals",
    lane: 'sources',
    schedule: { cron: '45 22,3 * * *', zone: 'America/New_York' },
    lateAfterMinutes: 26 * 60,
    timeLimitMinutes: 180,
    run: harvestArxiv,
  },
  {
    name: 'fill-arxiv-records',
    about: 'fetches single papers: submitted ones, and those that no harvest brought',
    lane: 'sources',
    schedule: { cron: '*/15 * * * *', zone: 'America/New_York' },
    lateAfterMinutes: 6 * 60,
    run: fillArxivRecords,
  },
  {
    name: 'compare-arxiv-feeds',
    about: "compares arXiv's feeds with its lists, as an alarm",
    lane: 'sources',
    schedule: { cron: '10 1 * * 1-5', zone: 'America/New_York' },
    lateAfterMinutes: 26 * 60,
    run: compareArxivFeeds,
  },
  {
    name: 'compare-arxiv-identifiers',
    about: "compares arXiv's list of papers with what is here, and fetches what is missing",
    lane: 'sources',
    schedule: { cron: '30 5 * * 6', zone: 'America/New_York' },
    lateAfterMinutes: 3 * 24 * 60,
    timeLimitMinutes: 180,
    run: compareArxivIdentifiers,
  },
  {
    name: 'resolve-starter',
    about: 'finds the abstracts of the starter papers, once',
    lane: 'sources',
    run: resolveStarterPapers,
  },
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
    name: 'watch-sources',
    about: 'mails the administrator when a day is late or a source is broken, and when it is over',
    lane: 'mail',
    schedule: { cron: '5-59/10 * * * *', zone: 'instance' },
    lateAfterMinutes: 60,
    run: watchSources,
  },
  {
    name: 'find-code-links',
    about: 'looks for repositories and project pages in abstracts and comments',
    lane: 'upkeep',
    schedule: { cron: '*/5 * * * *', zone: 'instance' },
    run: findLinks,
  },
  {
    name: 'refresh-stars',
    about: 'asks GitHub for the stars of repositories, where that is switched on',
    lane: 'sources',
    schedule: { cron: '13,43 * * * *', zone: 'instance' },
    run: refreshStarsJob,
  },
  {
    name: 'find-artifacts',
    about: 'asks the Hub for models and datasets of papers, where that is switched on',
    lane: 'sources',
    schedule: { cron: '23 * * * *', zone: 'instance' },
    run: findArtifactsJob,
  },
  {
    name: 'merge-papers',
    about: 'joins stored papers that turned out to be one, with their votes',
    lane: 'upkeep',
    run: mergePapers,
  },
  {
    name: 'tidy-accounts',
    about: 'forgets sessions and sign-in links that are over',
    lane: 'upkeep',
    schedule: { cron: '40 4 * * *', zone: 'instance' },
    lateAfterMinutes: 24 * 60,
    run: tidyAccounts,
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
  {
    name: 'send-digests',
    about: 'plans and sends the digests that were promised for now',
    lane: 'digests',
    schedule: { cron: '* * * * *', zone: 'instance' },
    lateAfterMinutes: 60,
    run: sendDigests,
  },
  {
    name: 'send-confirmation',
    about: 'asks somebody who subscribed to confirm the address',
    lane: 'mail',
    run: sendConfirmationJob,
  },
  {
    name: 'read-returns',
    about: 'reads the mailbox that undeliverable mail comes back to',
    lane: 'mail',
    schedule: { cron: '*/5 * * * *', zone: 'instance' },
    lateAfterMinutes: 60,
    run: readReturns,
  },
  {
    name: 'tidy-subscriptions',
    about: 'asks addresses that waited for mail, forgets those that never confirmed',
    lane: 'upkeep',
    schedule: { cron: '15 * * * *', zone: 'instance' },
    lateAfterMinutes: 6 * 60,
    run: tidySubscriptions,
  },
]
