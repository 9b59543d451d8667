// What programs that watch this one are told.
import type { ApiParts } from '../api/index.ts'
import { countJobs } from '../db/index.ts'
import { dayAtOrBefore } from '../feed/index.ts'
import { jobReports, jobs, workerReport } from '../jobs/index.ts'
import { programVersion } from '../lib/assets.ts'
import { countPapers, currentAnnouncementDay } from '../papers/index.ts'
import type { PaperSearch } from '../search/index.ts'
import { gatheringStatus } from '../sources/index.ts'
import type { Context } from './context.ts'

/** What programs that watch this one are told: `/healthz` and `/metrics`. */
export function openMonitoring({ config, db, clock }: Context, search: PaperSearch): ApiParts {
  const version = programVersion()
  const lines = () => jobReports(db, jobs, config.timeZone, clock())
  return {
    metricsToken: config.metricsToken,
    health: async () => {
      const now = clock()
      const newestEdition = await dayAtOrBefore(db, currentAnnouncementDay(now))
      const { days, sources } = await gatheringStatus(db, now)
      const [day] = days
      const { state, documents, behind, progress, model, memoryMb, diskMb, notice, problem } = await search.report()
      return {
        ok: true,
        version,
        ...(newestEdition ? { newestEdition } : {}),
        ...(day ? { day: { day: day.day, state: day.state, words: day.words, ...completeSince(day) } } : {}),
        sources: sources.map(({ received: _, added: __, title: ___, ...source }) => source),
        search: {
          state,
          documents,
          behind,
          ...(progress === undefined ? {} : { progress: Number(progress.toFixed(3)) }),
          model,
          memoryMb,
          diskMb,
          ...(notice ? { notice } : {}),
          ...(problem ? { problem } : {}),
        },
        worker: await workerReport(db, now),
        lateJobs: (await lines()).filter(({ isLate }) => isLate).map(({ name }) => name),
      }
    },
    metrics: async () => {
      const { days, sources, wanted, incidents, lagMinutes, holes } = await gatheringStatus(db, clock())
      return {
        papers: await countPapers(db),
        subjects: days[0]?.subjects ?? [],
        sources,
        wanted,
        incidents: incidents.length,
        ...(lagMinutes === undefined ? {} : { lagMinutes }),
        ...(holes === undefined ? {} : { holes: holes.missing }),
        worker: await workerReport(db, clock()),
        jobs: await lines(),
        queue: await countJobs(db),
      }
    },
  }
}

const completeSince = (day: { completeSince?: string }) =>
  day.completeSince ? { completeSince: day.completeSince } : {}
