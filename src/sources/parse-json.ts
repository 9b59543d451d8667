import { decodeText } from './formats/decode-text.ts'
import { excerpt } from './formats/import-item.ts'
import { broken } from './source.ts'

/** Reads an answer that must be JSON; an error page throws `SourceTrouble`. */
export function parseJson(body: Buffer, who: string): unknown {
  const text = decodeText(body)
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw broken(`${who} answered no JSON but "${excerpt(text)}"`, cause)
  }
}
