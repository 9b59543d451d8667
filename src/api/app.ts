import { getConnInfo } from '@hono/node-server/conninfo'
import { type Context, Hono } from 'hono'
import { mayReadMetrics } from './may-read-metrics.ts'
import { createMetrics, type MetricsFacts } from './metrics.ts'

/** Whether the program is well, and how gathering stands; the same facts as the page `/status`. */
export type Health = {
  ok: boolean
  version: string
  newestEdition?: string
  /** `behind`: changes of papers that search does not know yet. */
  search: { state: string; documents: number; behind: number; model: string; memoryMb: number; diskMb: number }
  /** arXiv's current announcement day. */
  day?: { day: string; state: string; words: string; completeSince?: string }
  sources?: readonly { name: string; condition: string; words: string; lastSuccess?: string; nextRun?: string }[]
  /** Whether any program at this database does the background work. */
  worker?: { isWorking: boolean; lastSeen?: string }
  lateJobs?: readonly string[]
}
export type ApiParts = {
  health: () => Promise<Health>
  metrics: () => Promise<MetricsFacts>
  metricsToken: string | undefined
}

/** The doors for programs. */
export function createApiApp({ health, metrics, metricsToken }: ApiParts) {
  const app = new Hono()
  const prometheus = createMetrics(metrics)
  app.get('/healthz', async (request) => {
    try {
      const now = await health()
      // Being late is no reason to be restarted, so it is an error only for who asks for it.
      const isBehind =
        now.day?.state === 'late' ||
        now.day?.state === 'broken' ||
        now.worker?.isWorking === false ||
        (now.lateJobs?.length ?? 0) > 0
      const status = request.req.query('expect') === 'fresh' && isBehind ? 503 : 200
      return request.json(now, status, { 'cache-control': 'no-store' })
    } catch {
      // Whatever it is, a monitor needs an answer and not a stack; the next page that fails logs the cause.
      return request.json({ ok: false }, 503)
    }
  })
  app.get('/metrics', async (request) => {
    const remote = remoteOf(request)
    if (!mayReadMetrics({ remote, header: (name) => request.req.header(name) }, metricsToken)) {
      const how = metricsToken
        ? 'Send "Authorization: Bearer" with the token of PAPERROUND_METRICS_TOKEN.'
        : 'Ask from this machine, or set PAPERROUND_METRICS_TOKEN and send it as a Bearer token.'
      return request.json({ error: `Metrics are not for everybody. ${how}` }, 403)
    }
    return request.body(await prometheus.text(), 200, { 'content-type': prometheus.contentType })
  })
  return app
}

/** Without a socket (`app.request` in tests) there is no address. */
function remoteOf(request: Context): string | undefined {
  return request.env && 'incoming' in (request.env as object) ? getConnInfo(request).remote.address : undefined
}
