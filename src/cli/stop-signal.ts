/** A signal this long after the first is somebody who does not want to wait. */
const INSIST_AFTER_MS = 1_000

/** Resolves at the first signal. One Ctrl-C may arrive twice (from the terminal and from npm); a later one insists. */
export function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let firstAt: number | undefined
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        firstAt ??= performance.now()
        if (performance.now() - firstAt > INSIST_AFTER_MS) process.exit(1)
        resolve()
      })
    }
  })
}
