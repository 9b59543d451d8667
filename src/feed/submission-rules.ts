import {
  addDays,
  arxivMonth,
  type Day,
  dateInWords,
  type Identifier,
  isDay,
  newYorkDay,
  weekdayOf,
} from '../papers/index.ts'
import { type InstanceSettings, type Role, reaches } from '../people/index.ts'

export type SubmissionRules = Pick<
  InstanceSettings,
  'submitWho' | 'submitMaxAgeDays' | 'submitPerDay' | 'submitWeekends'
>

/** Who submits, as far as rules ask. */
export type Submitter = { personId: string; role: Role; hasClaim: boolean }

const DAY_MS = 86_400_000

/** The rules as sentences, for the page that stands before the form and for every refusal. */
export function rulesInWords(rules: SubmissionRules): string[] {
  const who = {
    anyone: 'Everybody with an account may submit papers.',
    authors: 'People whose claim to a paper was confirmed may submit papers, and editors.',
    editors: 'Only editors may submit papers here.',
  }[rules.submitWho]
  const days = rules.submitMaxAgeDays
  return [
    who,
    `A paper may be at most ${days} ${days === 1 ? 'day' : 'days'} old, counted from its announcement; editors may submit older ones.`,
    `${rules.submitPerDay} ${rules.submitPerDay === 1 ? 'paper' : 'papers'} per person and day. Papers that are listed already do not count: for them, submitting is an upvote and a comment.`,
    rules.submitWeekends === 'open'
      ? 'At weekends papers go into the edition of Friday.'
      : 'Submitting is closed on Saturdays and Sundays, New York time.',
  ]
}

/** Why this person may not submit anything now; undefined when they may. Editors always may. */
export function whyNotNow(rules: SubmissionRules, submitter: Submitter, now: Date): string | undefined {
  if (reaches(submitter.role, 'editor')) return undefined
  if (rules.submitWho === 'editors') return 'Only editors may submit papers here. You can upvote every paper.'
  if (rules.submitWho === 'authors' && !submitter.hasClaim)
    return 'Papers are submitted here by people whose claim to a paper was confirmed. Open a paper of yours, say that you are its author, and submit once an editor has confirmed it.'
  if (rules.submitWeekends === 'closed' && weekdayOf(newYorkDay(now)) > 5)
    return 'Submitting is closed on Saturdays and Sundays, New York time. Come back on Monday; your upvote counts today too.'
  return undefined
}

export type PaperDates = { announcedOn: Day | null; submittedAt: string | null; datedOn: Day | null }

/**
 * The day from which a paper's age counts: its announcement, else what its source dates it, else the latest day that its
 * arXiv id allows. Undefined when nothing tells.
 */
export function birthdayOf(dates: PaperDates, identifier: Identifier): Day | undefined {
  if (dates.announcedOn) return dates.announcedOn
  if (dates.submittedAt) return newYorkDay(new Date(dates.submittedAt))
  if (dates.datedOn && isDay(dates.datedOn)) return dates.datedOn
  if (identifier.source !== 'arxiv') return undefined
  const inNextMonth = addDays(`${arxivMonth(identifier.id)}-01`, 31)
  return addDays(inNextMonth, -Number(inNextMonth.slice(8)))
}

/** Why this paper is too old for this person; a paper whose age nobody knows is not. */
export function whyTooOld(
  rules: SubmissionRules,
  submitter: Submitter,
  birthday: Day | undefined,
  today: Day,
): string | undefined {
  if (birthday === undefined || reaches(submitter.role, 'editor')) return undefined
  const age = Math.floor((Date.parse(today) - Date.parse(birthday)) / DAY_MS)
  if (age <= rules.submitMaxAgeDays) return undefined
  return `This paper is of ${dateInWords(birthday)}, ${age} days old; papers up to ${rules.submitMaxAgeDays} days can be submitted. An editor can make an exception.`
}

export function whyTooMany(rules: SubmissionRules, submitter: Submitter, submittedToday: number): string | undefined {
  if (reaches(submitter.role, 'editor') || submittedToday < rules.submitPerDay) return undefined
  return `You have submitted ${submittedToday} papers today, which is the limit. Tomorrow you can submit again.`
}
