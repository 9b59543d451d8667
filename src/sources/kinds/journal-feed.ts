import { z } from 'zod'
import type { PaperRecord } from '../../papers/index.ts'
import { cleanText } from '../formats/decode-text.ts'
import { identify } from '../formats/identify.ts'
import { BadRecord } from '../formats/import-item.ts'
import { set } from '../formats/json-record.ts'
import { authorsOfText } from '../formats/read-authors.ts'
import { readDate } from '../formats/read-date.ts'
import { htmlToPlain } from '../html-to-plain.ts'
import { parseAnswerXml } from '../parse-answer-xml.ts'
import { type BadItem, broken, type SourceItem, type SourceKind } from '../source.ts'
import { childOf, childrenOf, textIn, textsIn, type XmlElement } from '../xml-tree.ts'

type Settings = { url: string }

/** Shorter descriptions are notes ("Volume 3, Issue 2"), not abstracts. */
const MIN_ABSTRACT_LENGTH = 120

/** A journal's RSS (0.9 to 2.0, with Dublin Core and PRISM) or Atom feed. */
export const journalFeed: SourceKind<Settings> = {
  kind: 'feed',
  about: 'The RSS or Atom feed of a journal, blog or group.',
  everyHours: 3,
  settings: z.strictObject({ url: z.url({ protocol: /^https?$/ }) }),
  example: { url: 'https://journal.example.org/rss.xml' },
  async *poll({ settings, ask }) {
    const answer = await ask(settings.url, { conditional: true })
    if (!answer) return
    yield { ...readFeed(parseAnswerXml(answer.body, settings.url)), cursor: {}, answer }
  },
}

export function readFeed(document: XmlElement): { items: SourceItem[]; bad: BadItem[] } {
  const entries = entriesOf(document)
  const items: SourceItem[] = []
  const bad: BadItem[] = []
  for (const [index, entry] of entries.entries()) {
    try {
      items.push(itemOf(entry))
    } catch (problem) {
      if (!(problem instanceof BadRecord)) throw problem
      bad.push({ record: textIn(childOf(entry, 'title')) || `entry ${index + 1}`, reason: problem.message })
    }
  }
  return { items, bad }
}

/** RSS 2 keeps items in the channel, RSS 1 (RDF) beside it, Atom calls them entries. */
function entriesOf(document: XmlElement): XmlElement[] {
  if (document.name === 'feed') return childrenOf(document, 'entry')
  if (document.name === 'RDF') return childrenOf(document, 'item')
  const channel = document.name === 'rss' ? childOf(document, 'channel') : undefined
  if (!channel) throw broken(`expected an RSS or Atom feed, got <${document.name}>`)
  return childrenOf(channel, 'item')
}

function itemOf(entry: XmlElement): SourceItem {
  const title = htmlToPlain(textIn(childOf(entry, 'title')))
  if (title === '') throw new BadRecord('title', 'missing')
  const texts = (...names: string[]) => names.flatMap((name) => textsIn(entry, name)).map(cleanText)
  const addresses = [
    ...texts('link'),
    ...childrenOf(entry, 'link')
      .filter((link) => (link.attributes.rel ?? 'alternate') === 'alternate')
      .flatMap((link) => link.attributes.href ?? []),
  ]
  const marks = texts('doi', 'identifier', 'guid', 'id')
  const { identifiers, versions, links, doi } = identify({
    dois: marks.filter((one) => /10\.\d{4,9}\//.test(one)),
    urls: [...addresses, ...marks.filter((one) => /^https?:\/\//i.test(one))],
  })
  const paper: PaperRecord = {
    identifiers,
    title,
    authors: authorsOf(entry),
    categories: [],
    versions,
    links: onlyOnce(links),
  }
  const description = ['encoded', 'abstract', 'summary', 'description', 'content']
    .map((name) => htmlToPlain(textIn(childOf(entry, name))))
    .find((text) => text.length >= MIN_ABSTRACT_LENGTH)
  set(paper, 'abstract', description)
  set(paper, 'doi', doi)
  set(paper, 'journalRef', texts('publicationName')[0])
  set(paper, 'datedOn', dayOf(texts('publicationDate', 'published', 'date', 'pubDate', 'updated')))
  const subjects = childrenOf(entry, 'category').map((one) => one.attributes.term ?? textIn(one))
  return { record: paper, subjects: [...subjects, ...texts('subject')].filter((one) => one !== '') }
}

function authorsOf(entry: XmlElement): PaperRecord['authors'] {
  const creators = textsIn(entry, 'creator').map(cleanText)
  const atom = childrenOf(entry, 'author').map((author) => cleanText(textIn(childOf(author, 'name')) || textIn(author)))
  const names = creators.length > 0 ? creators : atom
  // RSS 2's author is an address, with the name in brackets behind it if at all.
  const people = names
    .map((name) => (name.includes('@') ? (/\(([^)]+)\)/.exec(name)?.[1] ?? '') : name))
    .filter(Boolean)
  return people.length === 1 ? authorsOfText(people[0] as string) : people.map((name) => ({ name }))
}

/** Feeds write dates as mail does or as ISO; one that cannot be read says nothing. */
function dayOf(dates: readonly string[]): string | undefined {
  for (const date of dates) {
    try {
      const stated = readDate('date', date)
      if (stated) return stated.instant?.slice(0, 10) ?? stated.day
    } catch (problem) {
      if (!(problem instanceof BadRecord)) throw problem // the next field may be better
    }
  }
  return undefined
}

const onlyOnce = <T extends { url: string }>(links: T[]) => [...new Map(links.map((link) => [link.url, link])).values()]
