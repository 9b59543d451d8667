import { decodeText } from './decode-text.ts'
import { MAX_RECORD_BYTES, type RecordReader, tooLong } from './import-item.ts'

const NEWLINE = 0x0a
/** Big chunks are taken in steps of this size. */
const STEP = 1024 * 1024

/**
 * Cuts bytes into lines, decoded and without their ends. A line above the limit is told to `tooLong` and skipped. On
 * `end` the last line comes even if it has no line end (`isUnfinished` if the file broke off in it).
 */
export function createLineSplitter(on: {
  line: (text: string, line: number, isUnfinished: boolean) => void
  tooLong: (line: number, reason: string) => void
  end: (isBrokenOff: boolean) => void
}): RecordReader {
  let carried: Buffer[] = []
  let carriedBytes = 0
  let line = 0

  const carry = (part: Buffer) => {
    if (part.length === 0) return
    carriedBytes += part.length
    // Above the limit only the length counts; the bytes go.
    if (carriedBytes > MAX_RECORD_BYTES) carried = []
    else carried.push(part)
  }
  const takeCarried = (part: Buffer): Buffer => {
    const whole = carried.length === 0 ? part : Buffer.concat([...carried, part])
    carried = []
    carriedBytes = 0
    return whole
  }
  const lines = (block: string, isUnfinished = false) => {
    let start = 0
    for (let end = block.indexOf('\n'); end >= 0; end = block.indexOf('\n', start)) {
      line += 1
      on.line(block.slice(start, block.charCodeAt(end - 1) === 0x0d ? end - 1 : end), line, isUnfinished)
      start = end + 1
    }
  }
  const step = (chunk: Buffer) => {
    const first = chunk.indexOf(NEWLINE)
    if (first < 0) return carry(chunk)
    let rest = chunk
    if (carriedBytes + first > MAX_RECORD_BYTES) {
      line += 1
      on.tooLong(line, tooLong('line', carriedBytes + first))
      takeCarried(chunk)
      rest = chunk.subarray(first + 1)
    }
    const last = rest.lastIndexOf(NEWLINE) + 1
    if (last > 0) lines(decodeText(takeCarried(rest.subarray(0, last))))
    carry(rest.subarray(last))
  }
  return {
    push(chunk) {
      for (let at = 0; at < chunk.length; at += STEP) step(chunk.subarray(at, at + STEP))
    },
    end(isBrokenOff) {
      const reached = line
      if (carriedBytes > MAX_RECORD_BYTES) {
        if (!isBrokenOff) on.tooLong(line + 1, tooLong('line', carriedBytes))
      } else if (carriedBytes > 0) lines(`${decodeText(Buffer.concat(carried))}\n`, isBrokenOff)
      if (isBrokenOff) line = reached
      on.end(isBrokenOff)
    },
    line: () => line + 1,
  }
}
