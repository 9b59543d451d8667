import { performance } from 'node:perf_hooks'

export type ProgressCount = { records: number; bytes: number }
export type Progress = Disposable & { update(done: ProgressCount): void; note(line: string): void }

const BAR_CELLS = 24
/** On a terminal the bar moves ten times a second; elsewhere a line every so often keeps a log readable. */
const TERMINAL_INTERVAL_MS = 100
const PLAIN_INTERVAL_MS = 10_000

/** Progress on standard error: a bar with rate and time left on a terminal, plain lines otherwise. */
export function createProgress(
  label: string,
  totalBytes: number | undefined,
  out: NodeJS.WriteStream = process.stderr,
): Progress {
  const startedAt = performance.now()
  const interval = out.isTTY ? TERMINAL_INTERVAL_MS : PLAIN_INTERVAL_MS
  let lastShown = startedAt
  const clear = () => out.isTTY && out.write('\r\x1b[2K')
  return {
    update(done) {
      const now = performance.now()
      if (now - lastShown < interval) return
      lastShown = now
      const text = progressText(label, done, totalBytes, (now - startedAt) / 1000)
      if (out.isTTY) {
        clear()
        out.write(text.slice(0, (out.columns || 80) - 1))
      } else out.write(`${text}\n`)
    },
    note(line) {
      clear()
      out.write(`${line}\n`)
    },
    [Symbol.dispose]: () => void clear(),
  }
}

/** "papers.jsonl [####....] 41 %  12,300 papers  9,100/s  0:14 left". Without a known size, no bar and no time left. */
export function progressText(
  label: string,
  { records, bytes }: ProgressCount,
  totalBytes: number | undefined,
  seconds: number,
): string {
  const rate = `${Math.round(records / Math.max(seconds, 0.001)).toLocaleString('en')}/s`
  const counted = `${records.toLocaleString('en')} papers  ${rate}`
  if (!totalBytes) return `${label}  ${counted}`
  const share = Math.min(1, bytes / totalBytes)
  const filled = Math.round(share * BAR_CELLS)
  const bar = '#'.repeat(filled) + '.'.repeat(BAR_CELLS - filled)
  const left = share > 0 ? clockText((seconds * (1 - share)) / share) : '?'
  return `${label} [${bar}] ${Math.floor(share * 100)} %  ${counted}  ${left} left`
}

function clockText(seconds: number): string {
  const whole = Math.round(seconds)
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
}
