import { cleanText } from './decode-text.ts'
import { excerpt, MAX_RECORD_BYTES, type RecordReader, type RecordSink, tooLong } from './import-item.ts'
import { createLineSplitter } from './line-splitter.ts'

type Paragraph = { text: string; line: number }

/** No title is this long: it is an abstract that lost its title. */
const MAX_TITLE_LENGTH = 500
/** A paragraph shorter than this, without a sentence's end and before a long one, is a title, not an abstract. */
const SHORT_LENGTH = 200
const LONG_LENGTH = 300

/** Reads a page that was copied as text: title, blank line, abstract, blank line, and so on. Lines may be wrapped. */
export function createListingReader(sink: RecordSink): RecordReader {
  const waiting: Paragraph[] = []
  let lines: string[] = []
  let length = 0
  let startLine = 0

  const closeParagraph = () => {
    const text = cleanText(lines.join(' ').replace(/\s+/g, ' '))
    if (length > MAX_RECORD_BYTES) sink.bad(startLine, tooLong('paragraph', length))
    else if (text !== '') waiting.push({ text, line: startLine })
    lines = []
    length = 0
    pair(3)
  }
  /** Takes titles with their abstracts off the front while `needed` paragraphs are there to judge by. */
  const pair = (needed: number) => {
    while (waiting.length >= needed) {
      const [title, abstract, next] = waiting as [Paragraph, Paragraph, Paragraph | undefined]
      if (title.text.length > MAX_TITLE_LENGTH) leftOver(waiting.shift()!, 'expected a title')
      else if (isTitle(abstract, next)) leftOver(waiting.shift()!, 'expected an abstract after this title')
      else {
        waiting.splice(0, 2)
        sink.paper(title.line, {
          identifiers: [],
          title: title.text,
          abstract: abstract.text,
          authors: [],
          categories: [],
          versions: [],
          links: [],
        })
      }
    }
  }
  const leftOver = ({ text, line }: Paragraph, expected: string) => {
    sink.bad(line, `paragraph: ${expected}, got ${excerpt(text)}`)
  }
  return createLineSplitter({
    line(text, line, isUnfinished) {
      if (isUnfinished) return
      if (text.trim() === '') return closeParagraph()
      if (length === 0) startLine = line
      length += text.length + 1
      if (length <= MAX_RECORD_BYTES) lines.push(text)
      else lines = []
    },
    tooLong: sink.bad,
    end(isBrokenOff) {
      // What stood last may have lost its end.
      if (isBrokenOff) return pair(3)
      closeParagraph()
      pair(2)
      const [last] = waiting.splice(0)
      if (last) leftOver(last, 'expected an abstract after this title')
    },
  })
}

function isTitle({ text }: Paragraph, next: Paragraph | undefined): boolean {
  return (
    next !== undefined && text.length < SHORT_LENGTH && !/[.!?…。]["”)]?$/.test(text) && next.text.length > LONG_LENGTH
  )
}
