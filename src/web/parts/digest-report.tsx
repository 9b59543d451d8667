import { type DeliveryOutcome, type IssueReport, outcomes, type Reason } from '../../digest/index.ts'
import { instant, shortDay } from './dates.ts'

/** What each outcome is called, and what it means for whoever asks. */
export const outcomeWords: Record<DeliveryOutcome, { label: string; about: string }> = {
  sent: { label: 'sent', about: 'The mail server took it, with its 250. It is not sent again.' },
  waiting: {
    label: 'waiting',
    about:
      'Promised and not sent yet: its hour has not come, the server is busy, mail is paused, or a canary is awaited.',
  },
  empty: { label: 'empty', about: 'There was nothing new for this reader, so nothing was sent.' },
  failed: {
    label: 'failed',
    about:
      'The server refused this mail for good, and nobody has it. It can be tried again while it is less than twelve hours late.',
  },
  unknown: {
    label: 'unknown',
    about:
      'The line or the program was lost while the mail was on its way: it may have arrived. It is never sent again.',
  },
  suppressed: { label: 'suppressed', about: 'The address gets no mail: it does not exist, or its owner complained.' },
  late: { label: 'too late', about: 'More than twelve hours late. Its papers come with the next mail.' },
  ended: { label: 'stopped', about: 'The reader unsubscribed, paused or never confirmed before it went out.' },
  unmade: {
    label: 'not made',
    about: 'The issue could not be made into a mail, or search was not there. Nobody got it.',
  },
}

const kindTitles: Record<string, string> = {
  edition: 'Papers of the day',
  trending: 'Trending',
  categories: 'Categories',
  authors: 'Authors',
  search: 'Searches',
  similar: 'Similar papers',
  picks: 'Picks',
}

/** `Papers of the day, 2 Mar 2026` */
export function issueTitle({ kind, from, to }: Pick<IssueReport, 'kind' | 'from' | 'to'>): string {
  const days = from === to ? shortDay(to) : `${shortDay(from)} to ${shortDay(to)}`
  return `${kindTitles[kind] ?? kind}, ${days}`
}

const problems: readonly DeliveryOutcome[] = ['failed', 'unknown', 'unmade', 'late']

/** The counts of an issue, those that are there, in one order everywhere. */
export function OutcomeCounts({ counts }: { counts: IssueReport['counts'] }) {
  const shown = outcomes.filter((one) => (counts[one] ?? 0) > 0)
  if (shown.length === 0) return <span class="note">nobody’s yet</span>
  return (
    <ul class="outcomes">
      {shown.map((one) => (
        <li class={problems.includes(one) ? 'bad' : one === 'sent' ? 'good' : undefined}>
          <b>{(counts[one] ?? 0).toLocaleString('en')}</b> {outcomeWords[one].label}
        </li>
      ))}
    </ul>
  )
}

export function IssueRows({ issues }: { issues: readonly IssueReport[] }) {
  return (
    <ul class="rows issues">
      {issues.map((issue) => (
        <li>
          <div>
            <a class="name" href={`/admin/digests/issues/${encodeURIComponent(issue.id)}`}>
              {issueTitle(issue)}
            </a>{' '}
            <IssueMarks issue={issue} />
            <p class="note">
              Frozen {instant(issue.frozenAt)}
              {issue.papers > 0 ? `, ${issue.papers} papers` : ', papers chosen for each reader'}
            </p>
            {issue.problem && <p class="problem">{issue.problem}</p>}
          </div>
          <OutcomeCounts counts={issue.counts} />
        </li>
      ))}
    </ul>
  )
}

export function IssueMarks({ issue }: { issue: Pick<IssueReport, 'problem' | 'isPartial'> }) {
  return (
    <>
      {issue.problem && <span class="mark withdrawn">could not be made</span>}{' '}
      {issue.isPartial && <span class="mark">before its day was complete</span>}
    </>
  )
}

export function ReasonList({ reasons }: { reasons: readonly Reason[] }) {
  return (
    <ul class="reasons">
      {reasons.map(({ outcome, why, count }) => (
        <li>
          <b>{count.toLocaleString('en')}</b> {outcomeWords[outcome].label}
          {why && `: ${why.replace(/^(no papers|too late|suppressed): /, '')}`}
        </li>
      ))}
    </ul>
  )
}

const suppressionWords: Record<string, string> = {
  hard: 'does not exist',
  soft: 'refused for days',
  complaint: 'complaint',
  'by hand': 'by hand',
}

/** Why an address gets no mail. */
export const OutcomeMarks = ({ reason }: { reason: string }) => (
  <span class={reason === 'complaint' ? 'mark withdrawn' : 'mark'}>{suppressionWords[reason] ?? reason}</span>
)
