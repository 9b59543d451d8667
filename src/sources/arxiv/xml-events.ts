import { SaxesParser } from 'saxes'

export type XmlHandler = {
  /** Names come without their prefix. */
  open(name: string, attributes: Readonly<Record<string, string>>): void
  text(text: string): void
  close(name: string): void
}

/** What declares its encoding in a way that we cannot follow is not read. */
const declaredEncoding = /^[^>]{0,100}?\bencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']/

/**
 * Reads XML from bytes, in the encoding that it declares, strictly: an HTML page, a body that breaks off, bytes that are
 * not of the encoding, a character XML does not allow. Answers with the problem, or undefined when all was well.
 */
export function readXml(bytes: Buffer, handler: XmlHandler): string | undefined {
  const text = decodeXml(bytes)
  if (text === undefined) return 'it is not in the encoding that it declares'
  const parser = new SaxesParser()
  let problem: string | undefined
  parser.on('error', (error) => {
    // Stops the parser; the first problem is the one that says something.
    problem = error.message
    throw error
  })
  parser.on('opentag', ({ name, attributes }) => handler.open(local(name), attributes as Record<string, string>))
  parser.on('text', (chunk) => handler.text(chunk))
  parser.on('cdata', (chunk) => handler.text(chunk))
  parser.on('closetag', ({ name }) => handler.close(local(name)))
  try {
    parser.write(text).close()
  } catch (error) {
    if (problem === undefined) throw error
    return `it is no well-formed XML: ${problem.slice(0, 200)}`
  }
  return undefined
}

function decodeXml(bytes: Buffer): string | undefined {
  const head = bytes.subarray(0, 200).toString('latin1')
  const isWide = (bytes[0] === 0xfe && bytes[1] === 0xff) || (bytes[0] === 0xff && bytes[1] === 0xfe)
  const encoding = isWide
    ? bytes[0] === 0xff
      ? 'utf-16le'
      : 'utf-16be'
    : (declaredEncoding.exec(head)?.[1] ?? 'utf-8')
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    return undefined // an unknown encoding, or bytes that are not of it
  }
}

function local(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}
