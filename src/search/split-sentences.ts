import { mathSpansOf } from '../lib/tex/index.ts'

/** What ends with a full stop and no sentence. */
const abbreviation =
  /(?:^|[\s(])(?:e\.g|i\.e|et al|etc|cf|vs|resp|w\.r\.t|s\.t|a\.k\.a|approx|fig|figs|eq|eqs|sec|thm|no|vol|dr|st|[A-Z])\.$/i
/** Where one sentence may end and the next begin. */
const boundary = /[.!?]["”’)\]]*\s+(?=["“‘([]*(?:[\p{Lu}\p{N}$\\]))/gu
/** An abstract has ten; whoever writes more gets the rest as one. */
const MAX_SENTENCES = 40

/** The sentences of a text in display form, each as it stands there. Maths is never cut. */
export function splitSentences(text: string): string[] {
  const sentences: string[] = []
  for (const paragraph of text.split(/\n{2,}/)) {
    const maths = mathSpansOf(paragraph)
    let from = 0
    for (const match of paragraph.matchAll(boundary)) {
      const end = match.index + match[0].trimEnd().length
      const before = paragraph.slice(from, match.index + 1)
      if (abbreviation.test(before) || maths.some((span) => span.start < end && match.index < span.end)) continue
      if (sentences.length >= MAX_SENTENCES - 1) break
      sentences.push(paragraph.slice(from, end).trim())
      from = match.index + match[0].length
    }
    const rest = paragraph.slice(from).trim()
    if (rest) sentences.push(rest)
  }
  return sentences.map((sentence) => sentence.replace(/\s+/g, ' '))
}
