import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { TestContext } from 'node:test'
import { packageFile } from '../src/lib/assets.ts'

export type Finished = { code: number | null; stdout: string; stderr: string }
export type Site = {
  url: string
  child: ChildProcess
  output: () => string
  stop: (signal?: NodeJS.Signals) => Promise<number | null>
}

const program = packageFile('dist/main.js')

/** The environment of a command under test: nothing of ours but what the test gives; no other server is asked. */
export function environment(data: string, more: Record<string, string> = {}): Record<string, string> {
  const keep = ['PATH', 'HOME', 'TMPDIR', 'TZ'].flatMap((name) =>
    process.env[name] ? [[name, process.env[name]]] : [],
  )
  return { ...Object.fromEntries(keep), PAPERROUND_DATA: data, PAPERROUND_GATHER: 'false', ...more }
}

/** Runs a command of the built program to its end. */
export async function runProgram(args: string[], env: Record<string, string>, input?: Uint8Array): Promise<Finished> {
  const child = spawn(process.execPath, [program, ...args], { env, stdio: ['pipe', 'pipe', 'pipe'] })
  child.stdin.on('error', () => {}) // a command that refuses its arguments does not read its input
  child.stdin.end(input)
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout, stderr }
}

/** The address a server says it listens at, the first one it prints. Throws if it ends without. */
export function addressOf(child: ChildProcess): Promise<string> {
  let output = ''
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk
      const match = /http:\/\/\S+/.exec(output)
      if (match) resolve(match[0])
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.once('exit', () => reject(new Error(`the program ended without an address: ${output}`)))
  })
}

/** Starts the built program on a free port; stopped after the test if the test has not done so. */
export async function startSite(
  t: Pick<TestContext, 'after'>,
  data: string,
  more: Record<string, string> = {},
): Promise<Site> {
  const child = spawn(process.execPath, [program, 'serve'], {
    env: environment(data, { PORT: '0', ...more }),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk
    })
  const exited = once(child, 'exit') as Promise<[number | null]>
  const url = await addressOf(child)
  const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
    child.kill(signal)
    return (await exited)[0]
  }
  t.after(async () => {
    if (child.exitCode === null && child.signalCode === null) await stop('SIGKILL')
  })
  return { url, child, output: () => output, stop }
}

/** Waits until everything stored so far can be found; fails after a minute. */
export async function searchReady({ url }: Pick<Site, 'url'>, documents = 1): Promise<void> {
  for (let tries = 0; tries < 2_400; tries++) {
    const { search } = (await (await fetch(`${url}/healthz`)).json()) as {
      search: { state: string; documents: number; behind: number }
    }
    if (search.state === 'ready' && search.behind === 0 && search.documents >= documents) return
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error('search was not ready within ten seconds')
}
