import { type Day, dateInWords, dayInWords } from '../papers/index.ts'
import type { DayRange } from './coverage.ts'
import type { Issue } from './freeze-issue.ts'
import type { MailPaper } from './mail-paper.ts'
import type { MailSite } from './mail-site.ts'
import { scheduleSentence } from './schedule-words.ts'
import type { Subscription } from './subscription.ts'
import { wantSentence, wantTitle } from './want.ts'

// What a digest says, once for both of its parts.

/** A paper in one reader's mail. */
export type Entry = { paper: MailPaper; why: string }

export type DigestContent = {
  site: MailSite
  subscription: Subscription
  email: string
  issue: Issue
  entries: Entry[]
  /** Author keys that this reader follows. */
  followed: ReadonlySet<string>
  /** Said in place of why a reader gets this: it is a canary or a test. */
  note?: string
  links: { unsubscribe: string; preferences: string; web: string; help: string }
}

/** `Mon 2 March` */
export function shortDay(day: Day): string {
  const [weekday = '', date = ''] = dayInWords(day).split(', ')
  return `${weekday.slice(0, 3)} ${date.replace(/ \d{4}$/, '')}`
}

/** `Mon 2 March`, `2–6 March`, `27 February – 2 March` */
export function shortRange({ from, to }: DayRange): string {
  if (from === to) return shortDay(to)
  const [start, end] = [from, to].map((day) => dateInWords(day).replace(/ \d{4}$/, '')) as [string, string]
  return from.slice(0, 7) === to.slice(0, 7) ? `${start.split(' ')[0]}–${end}` : `${start} – ${end}`
}

export const papersInWords = (count: number): string => (count === 1 ? '1 paper' : `${count} papers`)

/** `Daily papers, Mon 2 March: 24 papers` */
export function subjectOf({ subscription, issue, entries }: Pick<DigestContent, 'subscription' | 'issue' | 'entries'>) {
  return `${titleOf(subscription)}, ${shortRange(issue.range)}: ${papersInWords(entries.length)}`
}

function titleOf({ want, rhythm }: Subscription): string {
  if (want.kind !== 'edition') return wantTitle(want)
  return {
    daily: 'Daily papers',
    weekdays: 'Daily papers',
    weekly: 'Papers of the week',
    monthly: 'Papers of the month',
  }[rhythm]
}

/** What stands in the list's preview beside the subject. */
export function previewOf({ entries }: DigestContent): string {
  return entries
    .slice(0, 3)
    .map(({ paper }) => paper.title)
    .join(' · ')
    .slice(0, 180)
}

export function headingOf({ subscription, issue }: DigestContent): string {
  return `${titleOf(subscription)}, ${shortRange(issue.range)}`
}

/** `24 of 214 papers` where the edition has more than the mail. */
export function countLine({ subscription, issue, entries }: DigestContent): string {
  const all = issue.totals.papers
  const isOfEdition = subscription.want.kind === 'edition' && all > entries.length
  return isOfEdition ? `The first ${entries.length} of ${papersInWords(all)}` : papersInWords(entries.length)
}

function partialNotice({ issue }: DigestContent): string | undefined {
  if (!issue.isPartial) return undefined
  return `The list of ${dayInWords(issue.range.to)} had not arrived completely when this mail was due. What was missing comes with the next one.`
}

/** What a reader should know before the first paper. */
export function noticesOf(content: DigestContent): string[] {
  return [content.note, partialNotice(content)].filter((notice) => notice !== undefined)
}

/** The way to what the edition has beside this mail's papers. */
export function moreLine({ subscription, issue, entries }: DigestContent, notShown: number): string | undefined {
  const all = issue.totals.papers
  if (subscription.want.kind === 'edition' && all > entries.length) return `All ${papersInWords(all)}`
  return notShown > 0 ? `${papersInWords(notShown)} more on the site` : undefined
}

/** Where a reader changes or ends this mail; for canaries and tests, where an administrator looks after it. */
export function ownLinks(
  { links, note }: DigestContent,
  length: 'short' | 'long' = 'short',
): { label: string; url: string }[] {
  if (note) return [{ label: 'Administration of digests', url: links.preferences }]
  return length === 'long'
    ? [
        { label: 'Stop this mail', url: links.unsubscribe },
        { label: 'Change or pause it', url: links.preferences },
      ]
    : [
        { label: 'Preferences', url: links.preferences },
        { label: 'Unsubscribe', url: links.unsubscribe },
      ]
}

/** `3 upvotes, 1 comment`; empty where there is neither. */
export function votesLine({ upvotes, comments }: MailPaper): string {
  if (upvotes === 0 && comments === 0) return ''
  const votes = upvotes === 1 ? '1 upvote' : `${upvotes} upvotes`
  const said = comments === 1 ? '1 comment' : `${comments} comments`
  return comments > 0 ? `${votes}, ${said}` : votes
}

const AUTHORS_SHOWN = 4

/** The names to show: the first few, and whoever the reader follows. `more` counts the others. */
export function authorsShown(
  { authors, authorCount }: MailPaper,
  followed: ReadonlySet<string>,
): { names: { name: string; isFollowed: boolean }[]; more: number } {
  const names = authors
    .map(({ name, key }) => ({ name, isFollowed: followed.has(key) }))
    .filter(({ isFollowed }, index) => isFollowed || index < AUTHORS_SHOWN)
  return { names, more: authorCount - names.length }
}

export function whyYouGetThis({ subscription, email, site, note }: DigestContent): string {
  if (note) return `Sent to ${email}, and to nobody else.`
  return `You get ${wantSentence(subscription.want)} ${scheduleSentence(subscription)}, sent to ${email}, because this address subscribed at ${site.name} and confirmed it.`
}

/** Categories with their counts, most first. */
export const categoriesShown = ({ issue }: DigestContent): [string, number][] => issue.totals.categories.slice(0, 12)
