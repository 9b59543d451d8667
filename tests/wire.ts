// Other servers, as tests play them: a real HTTP server on this machine, and a clock that only moves when somebody waits.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'

export type WireServer = { url: string; requests: { path: string; at: Date; headers: IncomingMessage['headers'] }[] }

/** Starts a server that answers by `handle`; closed after the test. */
export async function startServer(
  t: Pick<TestContext, 'after'>,
  clock: () => Date,
  handle: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>,
): Promise<WireServer> {
  const requests: WireServer['requests'] = []
  const server = createServer((request, response) => {
    requests.push({ path: request.url ?? '', at: clock(), headers: request.headers })
    void handle(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests }
}

export type TestClock = {
  clock: () => Date
  /** Waiting costs no time: it moves this clock. */
  sleep: (ms: number) => Promise<void>
  set: (to: Date | string) => void
}

export function createTestClock(start: string): TestClock {
  let now = new Date(start).getTime()
  return {
    clock: () => new Date(now),
    sleep: async (ms) => {
      now += ms
    },
    set: (to) => {
      now = new Date(to).getTime()
    },
  }
}

/** A port that nobody listens at just now. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
