import { isDamaged } from '../segments/forward-index.ts'
import type { HeldSegments } from './held.ts'

/**
 * Notices what happens to files while the program reads from them. Searches go on with what is in memory; what was lost comes
 * back when the documents are put again.
 */
export class Damage {
  private readonly segments: HeldSegments
  private readonly onProblem: (message: string) => void
  /** Keys of the segments of which it was told. */
  private readonly told = new Set<number>()

  constructor(segments: HeldSegments, onProblem: (message: string) => void) {
    this.segments = segments
    this.onProblem = onProblem
  }

  get isThere(): boolean {
    return this.segments.list.some(({ bytes }) => isDamaged(bytes.forward))
  }

  /** Tells of each segment once. */
  look(): void {
    for (const { key, bytes } of this.segments.list) {
      if (!isDamaged(bytes.forward) || this.told.has(key)) continue
      this.told.add(key)
      const path = bytes.forward instanceof Uint8Array ? '' : bytes.forward.path
      this.onProblem(
        `${path} of the search index was changed or cannot be read any more. Searches go on with fewer words of its papers, until these are indexed again.`,
      )
    }
  }
}
