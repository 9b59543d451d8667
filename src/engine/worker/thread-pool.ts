import type { JobName, Jobs, ToThread } from './messages.ts'
import type { EngineThread } from './thread.ts'

/** Threads that do the same; each job goes to the one with the least to do. */
export class ThreadPool {
  private readonly threads: readonly EngineThread[]

  constructor(threads: readonly EngineThread[]) {
    this.threads = threads
  }

  get load(): number {
    return this.threads.reduce((sum, thread) => sum + thread.load, 0)
  }

  /** Why no thread runs any more, if so. */
  get problem(): string | undefined {
    return this.threads.every((thread) => thread.problem) ? this.threads[0]?.problem : undefined
  }

  ask<Name extends JobName>(name: Name, order: Jobs[Name][0]): Promise<Jobs[Name][1]> {
    const running = this.threads.filter((thread) => thread.isRunning)
    const candidates = running.length > 0 ? running : this.threads
    return candidates.reduce((best, thread) => (thread.load < best.load ? thread : best)).ask(name, order)
  }

  /** Two threads that have nothing to do but what ends by itself at once (`ending`); undefined when there are not so many. */
  idlePair(ending: EngineThread | undefined): [EngineThread, EngineThread] | undefined {
    const [one, other] = this.threads.filter(
      (thread) => thread.isRunning && thread.load === (thread === ending ? 1 : 0),
    )
    return one && other ? [one, other] : undefined
  }

  tellAll(message: ToThread): void {
    for (const thread of this.threads) thread.tell(message)
  }

  async close(): Promise<void> {
    await Promise.all(this.threads.map((thread) => thread.close()))
  }
}
