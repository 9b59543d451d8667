// What happens at our arXiv in a simulated fortnight: every paper with its versions and announcements. The server answers
// from this plan, and the tests compare with it what was gathered.
import { addDays, announcedAt, type Day, weekdayOf } from '../../src/papers/index.ts'

export type PlannedVersion = { submittedAt: Date; announcedOn: Day; title: string; comment?: string; withdrawn?: true }
export type PlannedPaper = {
  id: string
  abstract: string
  authors: string
  submitter: string
  /** First is primary; as submitted. */
  categories: string[]
  /** Later cross-lists: the paper is `cross` in this category on that day. */
  crosses: { category: string; day: Day }[]
  versions: PlannedVersion[]
  /** Left out of every list and of ListRecords: only ListIdentifiers and GetRecord know it. */
  isLeftOut?: true
  /** From this day on its record is a tombstone. */
  deletedOn?: Day
}
export type Plan = { labels: { day: Day; visibleAt: Date }[]; papers: PlannedPaper[] }

export const followed = ['cs.AI', 'cs.CL', 'cs.CV', 'cs.LG']
const subjects = [...followed, 'cs.CR', 'math.CO', 'stat.ML']

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** Lists turn some minutes after 20:00. */
const TURN = 12 * MINUTE

/** Numbers in [0, 1) that are the same in every run (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

export type PlanOptions = {
  first: Day
  last: Day
  /** Weekdays without announcement, whatever the calendar says. */
  silent?: Day[]
  /** Minutes by which a list is late. */
  late?: Record<Day, number>
  perDay?: number
  /** A paper of this day is left out of all lists, as happened in nights when arXiv's server broke off. */
  leftOut?: Day
  seed?: number
}

/** A plan in which every kind of announcement happens, the ones with a story beside many ordinary ones. */
export function makePlan({ first, last, silent = [], late = {}, perDay = 24, seed = 1, leftOut }: PlanOptions): Plan {
  const random = createRandom(seed)
  const labels: Plan['labels'] = []
  for (let day = first; day <= last; day = addDays(day, 1)) {
    if (weekdayOf(day) > 5 || silent.includes(day)) continue
    labels.push({ day, visibleAt: new Date(announcedAt(day).getTime() + TURN + (late[day] ?? 0) * MINUTE) })
  }
  const papers: PlannedPaper[] = []
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T
  labels.forEach(({ day }, index) => {
    const month = day.slice(2, 4) + day.slice(5, 7)
    for (let number = 0; number < perDay; number++) {
      const primary = pick(subjects)
      const others = [pick(subjects), pick(subjects)].filter((one) => one !== primary && random() < 0.5)
      const id = `${month}.${String(index * Math.max(500, perDay) + number + 1).padStart(5, '0')}`
      papers.push({
        id,
        abstract: `  We study problem ${number} of ${day} with $x < y$ & care, see arXiv:2401.00001.\n  A second paragraph.`,
        authors: `Ada Byron${number}, Jos\\'e Garc\\'ia and Paul Erd\\H{o}s (1) ((1) Some Institute)`,
        submitter: `Ada Byron${number}`,
        categories: [primary, ...new Set(others)],
        crosses: [],
        versions: [
          {
            submittedAt: new Date(announcedAt(day).getTime() - (8 + random() * 20) * HOUR),
            announcedOn: day,
            title: `Paper ${number} of ${day}: \\"Uber $\\ell_${number % 10}$ norms & more`,
            comment: `${number + 5} pages`,
          },
        ],
      })
    }
  })
  tellStories(papers, labels, random)
  const like = papers.find(({ versions }) => versions[0]!.announcedOn === leftOut)
  if (leftOut && like) {
    const id = `${leftOut.slice(2, 4)}${leftOut.slice(5, 7)}.09999`
    papers.push({ ...like, id, categories: ['cs.AI'], crosses: [], versions: [like.versions[0]!], isLeftOut: true })
  }
  return { labels, papers }
}

function tellStories(papers: PlannedPaper[], labels: Plan['labels'], random: () => number): void {
  const days = labels.map(({ day }) => day)
  const ofDay = (index: number) => papers.filter(({ versions }) => versions[0]!.announcedOn === days[index])
  const replace = (paper: PlannedPaper, index: number, part: Partial<PlannedVersion> = {}) => {
    const announcedOn = days[index] as Day
    const submittedAt = new Date(announcedAt(announcedOn).getTime() - 9 * HOUR)
    paper.versions.push({ ...paper.versions.at(-1)!, submittedAt, announcedOn, ...part })
  }
  // Ordinary replacements and cross-lists, each some days after the paper.
  papers.forEach((paper) => {
    const index = days.indexOf(paper.versions[0]!.announcedOn)
    if (random() < 0.2 && index + 2 < days.length)
      replace(paper, index + 1 + Math.floor(random() * (days.length - index - 1)))
    if (random() < 0.15 && index + 1 < days.length) {
      const category = followed.find((one) => !paper.categories.includes(one))
      if (category)
        paper.crosses.push({ category, day: days[index + 1 + Math.floor(random() * (days.length - index - 1))]! })
    }
  })
  const [first, second, third, fourth] = ofDay(0) as [PlannedPaper, PlannedPaper, PlannedPaper, PlannedPaper]
  for (const paper of [first, second, third, fourth]) {
    paper.versions.splice(1)
    paper.crosses = []
  }
  // Known for years and at its sixth version now, under a new title: no list shows that, only OAI.
  first.categories = ['cs.AI']
  for (let version = 2; version <= 5; version++) first.versions.push({ ...first.versions[0]! })
  replace(first, Math.min(7, days.length - 1), { title: 'A Title That Was Replaced in Version Six' })
  // Withdrawn in its second version, with the reason.
  second.categories = ['cs.CL']
  replace(second, Math.min(4, days.length - 1), {
    withdrawn: true,
    comment: 'This paper has been withdrawn: Lemma 2 is wrong',
  })
  // Held by moderation: submitted a week before it was announced.
  third.categories = ['cs.LG']
  third.versions[0]!.submittedAt = new Date(announcedAt(days[0]!).getTime() - 9 * 24 * HOUR)
  // P34: a title that is literally zero.
  fourth.categories = ['cs.CV']
  fourth.versions[0]!.title = '0'
}

export type PlannedKind = 'new' | 'cross' | 'replace' | 'replace-cross'

/** What arXiv's list of a day shows in a subject: nothing of versions above five. */
export function announcementsOf(
  plan: Plan,
  subject: string,
  day: Day,
): { paper: PlannedPaper; kind: PlannedKind; version: number }[] {
  const found: { paper: PlannedPaper; kind: PlannedKind; version: number }[] = []
  for (const paper of plan.papers) {
    if (paper.isLeftOut) continue
    const isOfSubject = paper.categories.includes(subject)
    const isPrimary = paper.categories[0] === subject
    paper.versions.forEach(({ announcedOn }, index) => {
      if (announcedOn !== day || !isOfSubject || index + 1 > 5) return
      // Versions two to five of the old paper came with the first: only the newest of a day is announced.
      if (index > 0 && paper.versions[index - 1]!.announcedOn === day) return
      const kind = index === 0 ? (isPrimary ? 'new' : 'cross') : isPrimary ? 'replace' : 'replace-cross'
      found.push({ paper, kind, version: index + 1 })
    })
    if (!isOfSubject && paper.crosses.some((cross) => cross.category === subject && cross.day === day))
      found.push({ paper, kind: 'cross', version: 1 })
  }
  const order = ['new', 'cross', 'replace', 'replace-cross']
  return found.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
}

/** Where each paper belongs: the first day on which a followed subject announced it as new or cross-listed. */
export function plannedEditions(plan: Plan, ofSubjects: readonly string[] = followed): Map<string, Day> {
  const editions = new Map<string, Day>()
  for (const { day } of plan.labels) {
    for (const subject of ofSubjects) {
      for (const { paper, kind } of announcementsOf(plan, subject, day)) {
        if ((kind === 'new' || kind === 'cross') && !editions.has(paper.id)) editions.set(paper.id, day)
      }
    }
  }
  return editions
}

/** The record of a paper as of a day: its versions until then, and the day it last changed. Undefined before its first. */
export function recordOn(paper: PlannedPaper, day: Day) {
  const versions = paper.versions.filter(({ announcedOn }) => announcedOn <= day)
  if (versions.length === 0) return undefined
  const crosses = paper.crosses.filter((cross) => cross.day <= day)
  const isDeleted = paper.deletedOn !== undefined && paper.deletedOn <= day
  const changes = [...versions.map(({ announcedOn }) => announcedOn), ...crosses.map((cross) => cross.day)]
  const changedOn = isDeleted ? paper.deletedOn! : changes.sort().at(-1)!
  return {
    isDeleted,
    paper,
    versions,
    categories: [...paper.categories, ...crosses.map(({ category }) => category)],
    changedOn,
  }
}
