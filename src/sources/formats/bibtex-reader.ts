import { readBibtexEntries, standardMacros } from './bibtex-entry.ts'
import { paperOfBibtex } from './bibtex-record.ts'
import { attempt, MAX_RECORD_BYTES, type RecordReader, type RecordSink, tooLong } from './import-item.ts'
import { createLineSplitter } from './line-splitter.ts'

/** An entry begins on a line of its own: reading finds its feet there again, however broken the entry before was. */
const entryLine = /^\s*@\s*[a-z][\w+-]*\s*[{(]/i

/** Reads BibTeX entry by entry. What stands between entries is a comment. */
export function createBibtexReader(sink: RecordSink): RecordReader {
  const macros = standardMacros()
  let lines: string[] = []
  let startLine = 1
  let length = 0

  const flush = (isBrokenOff: boolean) => {
    const text = lines.join('\n')
    const bytes = length
    lines = []
    length = 0
    if (bytes > MAX_RECORD_BYTES) return sink.bad(startLine, tooLong('entry', bytes))
    const target = isBrokenOff ? { ...sink, bad: () => {} } : sink
    attempt(target, startLine, () => {
      readBibtexEntries(text, startLine, macros, (entry) => {
        attempt(target, entry.line, () => sink.paper(entry.line, paperOfBibtex(entry)))
      })
    })
  }
  return createLineSplitter({
    line(text, line) {
      if (entryLine.test(text)) {
        flush(false)
        startLine = line
      } else if (length === 0) return
      length += text.length + 1
      if (length <= MAX_RECORD_BYTES) lines.push(text)
      else lines = []
    },
    tooLong(line, reason) {
      flush(false)
      sink.bad(line, reason)
    },
    end: flush,
  })
}
