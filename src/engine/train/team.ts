/**
 * Threads that go through the same phases together. Work is taken unit by unit, whoever is free; since no sum crosses a
 * unit, it does not matter who took which.
 */
export type Team = {
  /** Runs `work` for some of the units 0..units-1 and returns when all threads are done with all of them. */
  phase(units: number, work: (unit: number) => void): void
}

const NEXT_UNIT = 0
const ARRIVED = 1
const GENERATION = 2
/** Int32 counters a team needs, on shared memory. */
export const TEAM_COUNTERS = 4

export function joinTeam(counters: Int32Array, threads: number): Team {
  return {
    phase(units, work) {
      for (;;) {
        const unit = Atomics.add(counters, NEXT_UNIT, 1)
        if (unit >= units) break
        work(unit)
      }
      const generation = Atomics.load(counters, GENERATION)
      if (Atomics.add(counters, ARRIVED, 1) === threads - 1) {
        Atomics.store(counters, ARRIVED, 0)
        Atomics.store(counters, NEXT_UNIT, 0)
        Atomics.add(counters, GENERATION, 1)
        Atomics.notify(counters, GENERATION)
        return
      }
      while (Atomics.load(counters, GENERATION) === generation) Atomics.wait(counters, GENERATION, generation)
    },
  }
}
