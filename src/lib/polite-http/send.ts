/** What one attempt on the wire came to. */
export type Sent =
  | { kind: 'response'; status: number; headers: Headers; body: Buffer }
  | { kind: 'too-large'; status: number; headers: Headers }
  | { kind: 'failed'; message: string }

export type Attempt = {
  url: string
  headers: Record<string, string>
  timeoutMs: number
  maxBytes: number
  signal: AbortSignal
}

/** One request over the wire, redirects not followed, the body read up to a limit. Never throws. */
export async function send({ url, headers, timeoutMs, maxBytes, signal }: Attempt): Promise<Sent> {
  // A time-out of ours, not AbortSignal.timeout: that one would be collected while nobody holds it.
  const control = new AbortController()
  const timer = setTimeout(() => control.abort(new Error('time-out')), timeoutMs)
  try {
    const both = AbortSignal.any([signal, control.signal])
    const response = await fetch(url, { headers, redirect: 'manual', signal: both })
    const body = await readUpTo(response, maxBytes)
    if (!body) return { kind: 'too-large', status: response.status, headers: response.headers }
    return { kind: 'response', status: response.status, headers: response.headers, body }
  } catch (error) {
    if (signal.aborted) return { kind: 'failed', message: 'the program is stopping' }
    if (control.signal.aborted)
      return { kind: 'failed', message: `no complete answer within ${Math.round(timeoutMs / 1000)} s` }
    return { kind: 'failed', message: reasonOf(error as Error) }
  } finally {
    clearTimeout(timer)
  }
}

async function readUpTo(response: Response, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.length
    if (length > maxBytes) return undefined // leaving the loop cancels the stream
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** `fetch failed` says nothing; its cause names the host and what happened. */
function reasonOf(error: Error): string {
  const cause = error.cause as (Error & { code?: string }) | undefined
  return cause?.message || cause?.code || error.message
}
