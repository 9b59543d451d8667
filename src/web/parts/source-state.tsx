import type { SourceCondition, SubjectDay } from '../../sources/index.ts'

const conditionWords: Record<SourceCondition, string> = {
  fine: 'Fine',
  pending: 'Pending',
  waiting: 'Waiting',
  unreachable: 'Out of reach',
  stale: 'Stale',
  broken: 'Broken',
  blocked: 'Refused',
  off: 'Off',
}

/** The state of a source in a word and a colour; the word alone says it. */
export function Condition({ of }: { of: SourceCondition }) {
  return <span class={`state ${of}`}>{conditionWords[of]}</span>
}

/** "79 of 79" in a table of categories and days. */
export function SubjectCell({ of }: { of: SubjectDay | undefined }) {
  if (!of) return <td class="quiet">–</td>
  const isCount = of.state === 'complete'
  const words = {
    complete: of.words,
    empty: 'nothing new',
    none: 'no list',
    pending: 'pending',
    late: 'late',
    unreachable: 'out of reach',
    stale: 'stale',
    broken: 'broken',
  }
  return (
    <td class={isCount ? undefined : of.state === 'empty' || of.state === 'none' ? 'quiet' : `state ${of.state}`}>
      {words[of.state]}
      {isCount && of.kinds !== undefined && of.kinds.new + of.kinds.cross > 0 && (
        <span class="about">
          {of.kinds.new} new, {of.kinds.cross} cross
        </span>
      )}
    </td>
  )
}
