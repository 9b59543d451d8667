import { SaxesParser } from 'saxes'

/** An element with its children in order; names lose their namespace prefix, which each server chooses for itself. */
export type XmlElement = { name: string; attributes: Record<string, string>; children: (XmlElement | string)[] }

/** Deeper than any format we read; an input that goes on beyond is no document. */
const MAX_DEPTH = 60

/** What came is not XML to the end: broken off, an HTML error page, or no document at all. */
export class BadXml extends Error {}

/**
 * Reads a whole document, small enough to be held. Throws `BadXml` for anything that is not well-formed to its end: an
 * error page must never be taken for an empty answer. Entities of a document's own are not resolved.
 */
export function parseXml(text: string): XmlElement {
  const parser = new SaxesParser({ xmlns: false })
  const root: XmlElement = { name: '', attributes: {}, children: [] }
  const open: XmlElement[] = [root]
  parser.on('error', (error) => {
    throw new BadXml(`not well-formed XML: ${error.message.slice(0, 200)}`)
  })
  parser.on('opentag', ({ name, attributes }) => {
    const element = { name: localName(name), attributes: localAttributes(attributes), children: [] }
    open.at(-1)?.children.push(element)
    open.push(element)
    if (open.length > MAX_DEPTH) throw new BadXml(`elements nested more than ${MAX_DEPTH} deep`)
  })
  parser.on('closetag', () => {
    open.pop()
  })
  const addText = (piece: string) => {
    if (open.length > 1) open.at(-1)?.children.push(piece)
  }
  parser.on('text', addText)
  parser.on('cdata', addText)
  parser.write(text).close()
  const document = root.children.find((child) => typeof child !== 'string')
  if (!document) throw new BadXml('no XML: the document is empty')
  return document
}

const localName = (name: string) => name.slice(name.indexOf(':') + 1)

function localAttributes(attributes: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [localName(name), value]))
}

const isElement = (child: XmlElement | string): child is XmlElement => typeof child !== 'string'

/** Children of this name, in order. */
export function childrenOf(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((child): child is XmlElement => isElement(child) && child.name === name)
}

export function childOf(element: XmlElement, ...path: string[]): XmlElement | undefined {
  let at: XmlElement | undefined = element
  for (const name of path) at = at && childrenOf(at, name)[0]
  return at
}

/** All text inside, that of inner elements included, with blanks at its ends removed. */
export function textIn(element: XmlElement | undefined): string {
  return element === undefined ? '' : allText(element).trim()
}

function allText(element: XmlElement): string {
  return element.children.map((child) => (typeof child === 'string' ? child : allText(child))).join('')
}

/** The texts of all children of this name that have any. */
export function textsIn(element: XmlElement, name: string): string[] {
  return childrenOf(element, name)
    .map(textIn)
    .filter((text) => text !== '')
}
