import { parseArxivId } from '../../papers/index.ts'
import { type AnnouncementKind, announcementKinds } from './announcement.ts'
import { readXml } from './xml-events.ts'

/** One line of the feed. Its date is that of the making of the feed, so it is not read at all. */
export type FeedItem = { id: string; version: number; kind: AnnouncementKind }
export type ReadFeed = { ok: true; items: FeedItem[] } | { ok: false; problem: string }

/** Reads arXiv's RSS 2.0 or Atom feed of a category: ids and how they are announced. Only good as a second opinion. */
export function readFeed(bytes: Buffer): ReadFeed {
  const path: string[] = []
  const items: FeedItem[] = []
  const bad: string[] = []
  let text = ''
  let title = ''
  let item: { guid: string; kind: string } | undefined
  let root = ''
  const problem = readXml(bytes, {
    open(name) {
      if (path.length === 0) root = name
      path.push(name)
      text = ''
      if (name === 'item' || name === 'entry') item = { guid: '', kind: '' }
    },
    text(chunk) {
      text += chunk
    },
    close(name) {
      if (!item) {
        if (name === 'title' && title === '') title = text
      } else if (name === 'guid' || name === 'id') item.guid = text.trim()
      else if (name === 'announce_type') item.kind = text.trim()
      else if (name === 'item' || name === 'entry') {
        const found = /^oai:arXiv\.org:/i.test(item.guid) ? parseArxivId(item.guid) : undefined
        const kind = announcementKinds.find((one) => one === item?.kind)
        if (found && kind) items.push({ id: found.id, version: found.version ?? 1, kind })
        else bad.push(item.guid)
        item = undefined
      }
      path.pop()
    },
  })
  if (problem !== undefined) return { ok: false, problem }
  if (root !== 'rss' && root !== 'feed') return { ok: false, problem: 'it is XML, but no feed' }
  if (/^Feed error/i.test(title)) return { ok: false, problem: title.trim() }
  if (bad.length > 0) return { ok: false, problem: `${bad.length} of its items are none of arXiv's` }
  return { ok: true, items }
}
