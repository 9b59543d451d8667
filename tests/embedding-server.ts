// A server that speaks /v1/embeddings, for tests of models outside the program.
import { EventEmitter, once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'

export const EMBEDDING_DIMS = 64
const subjects = ['whale', 'ocean', 'violin', 'music']

/** A stand-in for a large model: one direction for sea, one for music. */
function vectorOf(text: string): number[] {
  const vector = new Array<number>(EMBEDDING_DIMS).fill(0.01)
  subjects.forEach((word, n) => {
    if (text.toLowerCase().includes(word)) vector[n < 2 ? 0 : 1] = 1
  })
  return vector
}

type Asked = { headers: IncomingHttpHeaders; model: string; input: string[] }
export type Refusal = { status: number; retryAfter?: string } | 'silence'

/**
 * `refusals` are answered first, one each; 'silence' never is. `refuses`: texts for which a request is malformed. `dims` can be
 * set, and so can `answers`: the number of requests answered before all others are left without an answer.
 */
export async function embeddingServer(t: TestContext, refusals: Refusal[] = [], refuses = (_: string) => false) {
  const asked: Asked[] = []
  const arrivals = new EventEmitter()
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const question: Asked = { headers: request.headers, ...JSON.parse(body) }
    asked.push(question)
    arrivals.emit('request')
    const refusal = refusals.shift()
    if (refusal === 'silence' || asked.length > it.answers) return
    if (refusal) {
      response.writeHead(refusal.status, refusal.retryAfter ? { 'retry-after': refusal.retryAfter } : {})
      return response.end('{"error":"not now"}')
    }
    if (question.input.some(refuses)) return response.writeHead(400).end('{"error":"too long"}')
    const data = question.input.map((text, index) => ({ index, embedding: vectorOf(text).slice(0, it.dims) }))
    response.end(JSON.stringify({ data: data.reverse() })) // out of order, as some servers send them
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const it = {
    asked,
    answers: Number.POSITIVE_INFINITY,
    dims: EMBEDDING_DIMS,
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    texts: () => asked.flatMap(({ input }) => input),
    /** Resolves once it was asked so many times. */
    async askedTimes(times: number) {
      while (asked.length < times) await once(arrivals, 'request')
    },
    stop() {
      server.close()
      server.closeAllConnections()
    },
  }
  t.after(() => it.stop())
  return it
}
