import { Hono } from 'hono'

export type Health = {
  ok: boolean
  version: string
  newestEdition?: string
  /** `behind`: changes of papers that search does not know yet. */
  search: { state: string; documents: number; behind: number; model: string; memoryMb: number; diskMb: number }
}

/** The doors for programs. For now: whether the program is well. */
export function createApiApp({ health }: { health: () => Promise<Health> }) {
  const app = new Hono()
  app.get('/healthz', async (request) => {
    try {
      return request.json(await health())
    } catch {
      // Whatever it is, a monitor needs an answer and not a stack; the next page that fails logs the cause.
      return request.json({ ok: false }, 503)
    }
  })
  return app
}
