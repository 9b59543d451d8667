import { excerpt } from './formats/import-item.ts'
import { broken } from './source.ts'
import { BadXml, parseXml, type XmlElement } from './xml-tree.ts'

/** Reads an answer that must be XML, by the encoding it declares; an error page throws `SourceTrouble`. */
export function parseAnswerXml(body: Buffer, who: string): XmlElement {
  const text = decodeXml(body)
  try {
    return parseXml(text)
  } catch (cause) {
    if (!(cause instanceof BadXml)) throw cause
    throw broken(`${who} answered ${cause.message}; it begins with "${excerpt(text)}"`, cause)
  }
}

/** Bytes to text by the XML declaration; UTF-8 without one, or when it names an encoding nobody knows. */
function decodeXml(body: Buffer): string {
  const declared = /^[^>]*encoding\s*=\s*["']([\w.-]+)["']/.exec(body.subarray(0, 200).toString('latin1'))?.[1]
  try {
    return new TextDecoder(declared ?? 'utf-8').decode(body)
  } catch {
    return new TextDecoder().decode(body)
  }
}
