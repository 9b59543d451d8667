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

export function partialNotice({ issue }: DigestContent): string | undefined {
  if (!issue.isPartial) return undefined
  return `The list of ${dayInWords(issue.range.to)} had not arrived completely when this mail was due. What was missing comes with the next one.`
}

/** `3 upvotes, 1 comment`; nothing where there is neither. */
export function votesLine({ upvotes, comments }: MailPaper): string {
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
  if (note) return note
  return `You get ${wantSentence(subscription.want)} ${scheduleSentence(subscription)}, sent to ${email}, because this address subscribed at ${site.name} and confirmed it.`
}

/** Categories with their counts, most first. */
export const categoriesShown = ({ issue }: DigestContent): [string, number][] => issue.totals.categories.slice(0, 12)
