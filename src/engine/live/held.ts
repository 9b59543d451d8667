import { memoryOf, openSegment, type SegmentBytes } from '../segments/build-segment.ts'
import { liveCount, markGone, type Segment, withGone } from '../segments/snapshot.ts'
import type { StoredSegment } from '../store/index-folder.ts'
import type { SharedSegment } from '../worker/messages.ts'

/** A segment as the main thread keeps it: what all threads share, and a view on it. */
export type Held = { key: number; vectorKey: number; bytes: SegmentBytes; segment: Segment }

export function shared({ key, vectorKey, bytes, segment }: Held): SharedSegment {
  return { key, vectorKey, ...bytes, dead: segment.gone?.dead }
}

export function stored({ key, vectorKey, bytes, segment }: Held): StoredSegment {
  const { text, forward, vectors } = bytes
  return { key, vectorKey, text, forward, vectors: vectors?.bytes, dead: segment.gone?.dead }
}

/** The segments that searches see. Every change makes a new list, and is told. */
export class HeldSegments {
  list: readonly Held[] = []
  /** No segment has this number or a higher one. */
  nextKey = 1
  /** Whether there is something that is not on disk. */
  isUnsaved = false
  private readonly onChange: (unusedBytes: number) => void

  /** `unusedBytes`: how much of what searches saw before is not part of what they see now. */
  constructor(onChange: (unusedBytes: number) => void) {
    this.onChange = onChange
  }

  get documents(): number {
    return this.list.reduce((sum, { segment }) => sum + liveCount(segment), 0)
  }

  hold(bytes: SegmentBytes): Held {
    return { key: this.nextKey++, vectorKey: this.nextKey++, bytes, segment: openSegment(bytes) }
  }

  /** One with other bytes of the same content. `isNewVector`: but for its vectors. */
  changed(one: Held, bytes: SegmentBytes, isNewVector: boolean): Held {
    const { text, vectors } = openSegment(bytes)
    return {
      ...one,
      vectorKey: isNewVector ? this.nextKey++ : one.vectorKey,
      bytes,
      segment: { ...one.segment, text, vectors },
    }
  }

  /** The segments with the documents of these ids gone. */
  without(ids: readonly number[]): Held[] {
    return this.list.map((one) => {
      const dead = markGone(one.segment, ids)
      return dead ? { ...one, segment: withGone(one.segment, dead) } : one
    })
  }

  /** From here on searches see these segments. */
  install(old: readonly Held[], made: readonly Held[] = []): void {
    this.isUnsaved = true
    this.show([...old, ...made].filter(({ segment }) => liveCount(segment) > 0))
  }

  /** As `install`, of the same content as before. */
  show(list: readonly Held[]): void {
    const kept = new Map(list.map(({ key, bytes }) => [key, bytes]))
    const unused = this.list.reduce((sum, { key, bytes }) => sum + (kept.get(key) === bytes ? 0 : memoryOf(bytes)), 0)
    this.list = list
    this.onChange(unused)
  }

  /** Lets go of all segments; nobody is told. */
  clear(): void {
    this.list = []
  }

  /** Puts a merged segment in the place of its sources. What was removed from them meanwhile is removed from it. */
  replace(sources: readonly Held[], merged: SegmentBytes | undefined): void {
    const keys = new Set(sources.map(({ key }) => key))
    const removedMeanwhile: number[] = []
    for (const now of this.list) {
      const before = sources.find(({ key }) => key === now.key)
      const dead = now.segment.gone?.dead
      if (!before || !dead || dead === before.segment.gone?.dead) continue
      for (let n = 0; n < dead.length; n++)
        if (dead[n] && !before.segment.gone?.dead[n]) removedMeanwhile.push(before.segment.text.ids[n]!)
    }
    const rest = this.list.filter(({ key }) => !keys.has(key))
    if (!merged) {
      this.install(rest)
      return
    }
    const made = this.hold(merged)
    const dead = removedMeanwhile.length > 0 ? markGone(made.segment, removedMeanwhile) : undefined
    this.install(rest, [dead ? { ...made, segment: withGone(made.segment, dead) } : made])
  }
}
