import { segmentCapacity } from './capacity.ts'
import { packFieldTerms } from './field-terms.ts'
import { forwardChecks } from './forward-checks.ts'
import { packForward } from './forward-index.ts'
import { emptyForwardText } from './forward-text.ts'
import { growingBytes, pushVarint } from './growing.ts'
import { mergeDictionaries } from './merge-dictionaries.ts'
import { type Allocate, DamagedPartError } from './sections.ts'
import { sharedBuffer, sharedBytes } from './shared-memory.ts'
import type { Segment } from './snapshot.ts'
import { packText, type TextBytes, withoutLone } from './text-builder.ts'
import type { TextPart } from './text-part.ts'

export type MergeSource = Pick<Segment, 'text' | 'gone'>
/** Where a document of the merged part comes from. */
export type MergedDocument = { source: number; document: number }

/** The documents of the sources that are there, by rising id. An id is alive in one source at most. */
export function mergedDocuments(sources: readonly MergeSource[]): MergedDocument[] {
  const found: (MergedDocument & { id: number })[] = []
  for (const [source, { text, gone }] of sources.entries())
    for (let document = 0; document < text.count; document++)
      if (!gone?.dead[document]) found.push({ source, document, id: text.ids[document] as number })
  return found.sort((a, b) => a.id - b.id)
}

/**
 * One text part with the documents given, as if they had been added to a `TextBuilder`, but without their texts. Throws
 * `DamagedPartError`, where the words of the documents lie in a file.
 */
export function mergeText(
  sources: readonly MergeSource[],
  documents: readonly MergedDocument[],
  allocate: Allocate,
): TextBytes {
  if (documents.length > segmentCapacity) throw new RangeError(`a segment holds ${segmentCapacity} documents`)
  const newNumbers = sources.map(({ text }) => new Int32Array(text.count).fill(-1))
  for (const [n, { source, document }] of documents.entries()) (newNumbers[source] as Int32Array)[document] = n
  const dictionaries = sources.map((source, s) => ({
    dictionary: source.text.dictionary,
    counts: countKept(source, newNumbers[s] as Int32Array),
  }))
  const { sections: dictionary, termMaps, frequencies } = mergeDictionaries(dictionaries)
  const from = (n: number) => sources[(documents[n] as MergedDocument).source] as MergeSource
  const column = (read: (text: TextPart, document: number) => number) =>
    documents.map(({ document }, n) => read(from(n).text, document))
  const categories = mergeCategories(sources, newNumbers)
  const { forwardOffsets, forward } = mergeForward(sources, documents, termMaps)
  const postings = mergePostings(sources, newNumbers, termMaps, frequencies)
  const sections = {
    ids: Uint32Array.from(column((text, d) => text.ids[d] as number)),
    days: Int32Array.from(column((text, d) => text.days[d] as number)),
    flags: Uint8Array.from(column((text, d) => text.flags[d] as number)),
    ...postings,
    forwardOffsets,
    forwardChecks: forwardChecks(forward, forwardOffsets),
    ...packFieldTerms(forward, forwardOffsets, postings.postingOffsets, postings.termImpacts.length),
    ...dictionary,
  }
  return { text: packText(categories, sections, allocate), forward: packForward(forward, allocate) }
}

/** For each term of a source, how many of the documents kept hold it. */
function countKept({ text, gone }: MergeSource, numbers: Int32Array): Uint32Array {
  const counts = new Uint32Array(text.termCount)
  for (let term = 0; term < counts.length; term++) {
    counts[term] = text.frequency(term)
    if (!gone || counts[term] === 0) continue
    let count = 0
    for (const document of text.postings(term).documents) if (numbers[document]! >= 0) count++
    counts[term] = count
  }
  return counts
}

function mergePostings(
  sources: readonly MergeSource[],
  newNumbers: readonly Int32Array[],
  termMaps: readonly Int32Array[],
  frequencies: Uint32Array,
) {
  const offsets = new Uint32Array(frequencies.length + 1)
  for (const [term, count] of frequencies.entries()) offsets[term + 1] = (offsets[term] as number) + count
  // In pages of their own: 30 MB for 65,536 abstracts, which malloc would keep for the next that are as large.
  const count = offsets[frequencies.length] as number
  const documents = new Uint16Array(sharedBuffer(count * 2), 0, count)
  const impacts = sharedBytes(count)
  const termImpacts = new Uint8Array(frequencies.length)
  const next = offsets.slice(0, -1)
  for (const [s, { text }] of sources.entries()) {
    const numbers = newNumbers[s] as Int32Array
    for (let term = 0; term < text.termCount; term++) {
      const to = (termMaps[s] as Int32Array)[term] as number
      if (to < 0) continue
      const list = text.postings(term)
      let at = next[to] as number
      for (let i = 0; i < list.documents.length; i++) {
        const document = numbers[list.documents[i] as number] as number
        if (document < 0) continue
        documents[at] = document
        const impact = list.impacts[i] as number
        impacts[at++] = impact
        if (impact > (termImpacts[to] as number)) termImpacts[to] = impact
      }
      next[to] = at
    }
  }
  for (let term = 0; term < frequencies.length; term++)
    sortRun(documents, impacts, offsets[term] as number, offsets[term + 1] as number)
  return { postingOffsets: withoutLone(offsets), postingDocuments: documents, postingImpacts: impacts, termImpacts }
}

/** Sorts one term's postings by document; sources with ids after one another come sorted already. */
function sortRun(documents: Uint16Array, impacts: Uint8Array, start: number, end: number): void {
  let isSorted = true
  for (let i = start + 1; i < end && isSorted; i++) isSorted = (documents[i - 1] as number) < (documents[i] as number)
  if (isSorted) return
  const both = new Uint32Array(end - start)
  for (let i = start; i < end; i++) both[i - start] = ((documents[i] as number) << 8) | (impacts[i] as number)
  both.sort()
  for (let i = start; i < end; i++) {
    documents[i] = (both[i - start] as number) >>> 8
    impacts[i] = (both[i - start] as number) & 255
  }
}

function mergeForward(
  sources: readonly MergeSource[],
  documents: readonly MergedDocument[],
  termMaps: readonly Int32Array[],
) {
  const bytes = growingBytes()
  const offsets = new Uint32Array(documents.length + 1)
  const forward = emptyForwardText()
  for (const [n, { source, document }] of documents.entries()) {
    const map = termMaps[source] as Int32Array
    ;(sources[source] as MergeSource).text.readForward(document, forward)
    for (const [list, terms] of forward.lists.entries()) {
      const count = forward.counts[list] as number
      pushVarint(bytes, count)
      for (let i = 0; i < count; i++) {
        const term = terms[i] as number
        pushVarint(bytes, term === 0 ? 0 : (map[term - 1] as number) + 1)
      }
    }
    offsets[n + 1] = bytes.length
  }
  if (sources.some(({ text }) => text.isDamaged))
    throw new DamagedPartError('the words of its documents were damaged in their file')
  return { forwardOffsets: offsets, forward: bytes.view() }
}

function mergeCategories(sources: readonly MergeSource[], newNumbers: readonly Int32Array[]): [string, number[]][] {
  const merged = new Map<string, number[]>()
  for (const [s, { text }] of sources.entries()) {
    const numbers = newNumbers[s] as Int32Array
    for (const [c, name] of text.categoryNames.entries()) {
      const list = merged.get(name) ?? []
      for (const document of text.categoryAt(c))
        if ((numbers[document] as number) >= 0) list.push(numbers[document] as number)
      if (list.length > 0) merged.set(name, list)
    }
  }
  return [...merged]
    .map(([name, list]): [string, number[]] => [name, list.sort((a, b) => a - b)])
    .sort(([a], [b]) => (a < b ? -1 : 1))
}
