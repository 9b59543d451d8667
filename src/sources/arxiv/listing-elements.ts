import { Parser } from 'htmlparser2'
import { decodeText } from '../formats/decode-text.ts'

/** What a listing or catch-up page holds, in its order; nothing is judged yet. */
export type ListingElement =
  | { kind: 'heading'; text: string }
  | { kind: 'entry'; term: string; fields: EntryFields; isWhole: boolean }
  | { kind: 'link'; text: string; href: string }

export type EntryFields = Partial<
  Record<'title' | 'comments' | 'journal-ref' | 'subjects' | 'primary' | 'abstract', string>
> & { authors?: string[] }
type TextField = Exclude<keyof EntryFields, 'authors'>

export type ListingElements = {
  elements: ListingElement[]
  /** All text outside of entries: says what kind of page this is. */
  outside: string
  /** The page came to its end; a body that was cut off did not. */
  isWhole: boolean
}

const textFields: readonly string[] = ['title', 'comments', 'journal-ref', 'subjects', 'abstract']
/** Enough for every message and count; a page of another kind may be long. */
const MAX_OUTSIDE = 20_000

/** Takes a page apart: tolerant of any HTML, never throws. */
export function listingElements(bytes: Buffer): ListingElements {
  const page: ListingElements = { elements: [], outside: '', isWhole: false }
  let heading: string | undefined
  let term: string | undefined
  let fields: EntryFields | undefined
  let field: TextField | 'authors' | undefined
  let fieldTag = ''
  let fieldDepth = 0
  let isDescriptor = false
  let isPrimary = false
  let link: { text: string; href: string } | undefined
  const append = (text: string) => {
    if (!fields || !field || isDescriptor) return
    if (field !== 'authors') fields[field] = (fields[field] ?? '') + text
    if (isPrimary) fields.primary = (fields.primary ?? '') + text
  }
  const closeEntry = (isWhole: boolean) => {
    if (term !== undefined) page.elements.push({ kind: 'entry', term, fields: fields ?? {}, isWhole })
    term = undefined
    fields = undefined
    field = undefined
    isDescriptor = false
    isPrimary = false
  }
  const parser = new Parser({
    onopentag(name, attributes) {
      const classes = (attributes.class ?? '').split(/\s+/)
      if (/^h[1-4]$/.test(name)) heading = ''
      else if (name === 'dt') {
        closeEntry(false)
        term = ''
      } else if (name === 'dd' && term !== undefined) fields = {}
      else if (name === 'a') link = { text: '', href: attributes.href ?? '' }
      else if (name === 'br') append('\n')
      if (!fields) return
      if (field !== undefined && name === fieldTag) fieldDepth += 1
      if (classes.includes('descriptor')) isDescriptor = true
      else if (classes.includes('primary-subject')) isPrimary = true
      const named = classes.find((one) => one.startsWith('list-'))?.slice(5)
      const next = name === 'p' && classes.includes('mathjax') ? 'abstract' : named
      if (field === undefined && next !== undefined && (next === 'authors' || textFields.includes(next))) {
        field = next as TextField
        fieldTag = name
        fieldDepth = 1
      }
    },
    ontext(text) {
      if (heading !== undefined) heading += text
      if (term !== undefined && !fields) term += text
      else if (fields) {
        if (!link) append(text)
      } else if (page.outside.length < MAX_OUTSIDE) page.outside += text
      if (link) link.text += text
    },
    onclosetag(name, isImplied) {
      if (heading !== undefined && /^h[1-4]$/.test(name)) {
        page.elements.push({ kind: 'heading', text: oneLine(heading) })
        heading = undefined
      } else if (name === 'a' && link) {
        closeLink(link)
        link = undefined
      } else if (name === 'span') {
        isDescriptor = false
        isPrimary = false
      } else if (name === 'dd') closeEntry(!isImplied)
      else if ((name === 'html' || name === 'body') && !isImplied) page.isWhole = true
      if (field !== undefined && name === fieldTag) {
        fieldDepth -= 1
        if (fieldDepth === 0) field = undefined
      }
    },
  })
  const closeLink = (closed: { text: string; href: string }) => {
    if (!fields) page.elements.push({ kind: 'link', text: oneLine(closed.text), href: closed.href })
    else if (field === 'authors') {
      const name = oneLine(closed.text)
      if (name !== '') fields.authors = [...(fields.authors ?? []), name]
    }
    // arXiv shows addresses as "this https URL"; the address itself is what the authors wrote.
    else append(/^this \w+ URL$/i.test(closed.text.trim()) ? closed.href : closed.text)
  }
  parser.write(decodeText(bytes))
  parser.end()
  closeEntry(false)
  return page
}

export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
