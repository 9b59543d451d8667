import { isAscii, isUtf8 } from 'node:buffer'

/** Windows-1252 above 0x80 where it differs from Unicode's first 256. */
const windowsHigh = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'
const windowsByte = new Map([...windowsHigh].map((char, index) => [char, 0x80 + index]))

const anythingUnusual = /[^\t\n -~]/
/** A lead byte of UTF-8 followed by a continuation byte, both read as Windows-1252. */
const doublyEncoded = new RegExp(`[\u00c2-\u00f4][\u0080-\u00bf${windowsHigh}]`)

/** Bytes to text: UTF-8, and whatever is not valid UTF-8 as Windows-1252. */
export function decodeText(bytes: Buffer): string {
  if (isAscii(bytes)) return bytes.toString('latin1')
  return isUtf8(bytes) ? bytes.toString('utf8') : decodeMixed(bytes)
}

/** Takes valid UTF-8 sequences as such and every other byte as Windows-1252. */
function decodeMixed(bytes: Buffer): string {
  const parts: string[] = []
  let start = 0
  let at = 0
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at)
    if (length > 0) {
      at += length
      continue
    }
    const byte = bytes[at]!
    parts.push(bytes.toString('utf8', start, at), byte < 0xa0 ? windowsHigh[byte - 0x80]! : String.fromCharCode(byte))
    at += 1
    start = at
  }
  parts.push(bytes.toString('utf8', start, at))
  return parts.join('')
}

/** Length of the valid UTF-8 sequence that starts here; 0 where there is none. */
function sequenceLength(bytes: Buffer, at: number): number {
  const lead = bytes[at]!
  if (lead < 0x80) return 1
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0
  return length > 0 && at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length)) ? length : 0
}

/**
 * Repairs text that was encoded twice (`WÃ¼bben`), only when certain: every character beyond ASCII must take part in a
 * valid sequence. Anything else comes back as it is.
 */
export function repairDoubleEncoding(text: string): string {
  if (!doublyEncoded.test(text)) return text
  const bytes = Buffer.allocUnsafe(text.length)
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    const byte = code <= 0xff ? code : windowsByte.get(text[at]!)
    if (byte === undefined) return text
    bytes[at] = byte
  }
  return isUtf8(bytes) ? bytes.toString('utf8') : text
}

/** A text as the rest of the program may have it: well-formed, without control characters, without blanks around it. */
export function cleanText(text: string): string {
  if (!anythingUnusual.test(text)) return text.trim()
  return repairDoubleEncoding(text)
    .replace(/\r\n?/g, '\n')
    .replace(/[\f\v]/g, ' ')
    .replace(/[^\P{Cc}\t\n]|\ufeff/gu, '')
    .toWellFormed()
    .trim()
}
