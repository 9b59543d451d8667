import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'

/** What is measured beside the process itself: read afresh for every answer. */
export type MetricsFacts = {
  papers: number
  subjects: readonly { subject: string; day: string; state: string; declared?: number; stored?: number }[]
  sources: readonly { name: string; condition: string; lastSuccess?: string }[]
  lagMinutes?: number
  wanted: number
  /** Papers that arXiv has and we lack, by the last comparison; left out before the first. */
  holes?: number
  incidents: number
  worker: { isWorking: boolean; lastSeen?: string }
  jobs: readonly { name: string; isLate: boolean; lastSuccess?: string }[]
  queue: readonly { kind: string; state: string; count: number }[]
}

/** One text in Prometheus' format, made on demand. The registry is of this instance, so that tests can have many. */
export function createMetrics(facts: () => Promise<MetricsFacts>): { text(): Promise<string>; contentType: string } {
  const registry = new Registry()
  let isCollecting = false
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name: `paperround_${name}`, help, labelNames, registers: [registry] })
  const papers = gauge('papers', 'Papers stored')
  const declared = gauge('day_declared_papers', "Papers that arXiv's newest list of a category declares", ['subject'])
  const stored = gauge('day_stored_papers', 'Papers of that list that are stored', ['subject'])
  const complete = gauge('day_complete', "1 when arXiv's newest list of a category is complete here", ['subject'])
  const lag = gauge(
    'day_lag_minutes',
    'Minutes from the announcement of the newest day to its completion, or to now while it is not complete',
  )
  const wanted = gauge('papers_wanted', 'Papers known from a list whose full record is still to come')
  const holes = gauge('papers_missing', 'Papers of followed categories that arXiv has and that are not here')
  const working = gauge('worker_running', '1 when a program does the background work')
  const workerSeen = gauge('worker_last_seen_seconds', 'When a program that does it was last alive, in Unix time')
  const incidents = gauge('incidents', 'Things that need a look')
  const fine = gauge('source_fine', '1 when a source answered as it should', ['source', 'condition'])
  const lastSuccess = gauge('source_last_success_seconds', 'When a source was last read, in Unix time', ['source'])
  const late = gauge('job_late', '1 when a job of the schedule is late', ['job'])
  const jobSuccess = gauge('job_last_success_seconds', 'When a job last succeeded, in Unix time', ['job'])
  const queue = gauge('jobs', 'Jobs in the queue', ['kind', 'state'])
  const seconds = (instant: string) => Date.parse(instant) / 1000

  const fill = (now: MetricsFacts) => {
    // What is gone must not stay as its last value.
    for (const one of [declared, stored, complete, fine, lastSuccess, late, jobSuccess, queue]) one.reset()
    // One without labels would be 0 after a reset, which is a value; removed, it is not there.
    for (const one of [lag, holes, workerSeen]) one.remove()
    papers.set(now.papers)
    wanted.set(now.wanted)
    incidents.set(now.incidents)
    if (now.lagMinutes !== undefined) lag.set(now.lagMinutes)
    if (now.holes !== undefined) holes.set(now.holes)
    working.set(now.worker.isWorking ? 1 : 0)
    if (now.worker.lastSeen) workerSeen.set(seconds(now.worker.lastSeen))
    for (const { subject, state, ...counts } of now.subjects) {
      if (counts.declared !== undefined) declared.set({ subject }, counts.declared)
      if (counts.stored !== undefined) stored.set({ subject }, counts.stored)
      complete.set({ subject }, ['complete', 'empty', 'none'].includes(state) ? 1 : 0)
    }
    for (const { name, condition, ...source } of now.sources) {
      fine.set({ source: name, condition }, condition === 'fine' || condition === 'off' ? 1 : 0)
      if (source.lastSuccess) lastSuccess.set({ source: name }, seconds(source.lastSuccess))
    }
    for (const job of now.jobs) {
      late.set({ job: job.name }, job.isLate ? 1 : 0)
      if (job.lastSuccess) jobSuccess.set({ job: job.name }, seconds(job.lastSuccess))
    }
    for (const { kind, state, count } of now.queue) queue.set({ kind, state }, count)
  }
  return {
    contentType: registry.contentType,
    async text() {
      // Observing the event loop costs a little: only where somebody reads it.
      if (!isCollecting) collectDefaultMetrics({ register: registry })
      isCollecting = true
      fill(await facts())
      return registry.metrics()
    },
  }
}
