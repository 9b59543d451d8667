import type { PaperRow, PaperState } from './paper-state.ts'

/**
 * How far each text of a paper is to be trusted; of two the higher stays, whichever came first. The archive's own record
 * stands above all others, then counts who gave out the record's id, then its version.
 */
export type TextTrust = { title: number; abstract: number; authors: number; categories: number }

const ARCHIVE = 1_000_000
const SOURCE = 1_000
const trustOfSource: Record<string, number> = {
  arxiv: 9,
  doi: 8,
  acl: 7,
  openreview: 6,
  biorxiv: 5,
  medrxiv: 4,
  pmid: 3,
  title: 0,
}
const OTHER_SOURCE = 1

/** Whether this is the trust of an archive's own word. */
export const isArchives = (trust: number) => trust >= ARCHIVE

/** Of a record, for all of its texts. */
export function trustOf(state: {
  isTruth?: true | undefined
  row: Pick<PaperRow, 'source' | 'latest_version'>
}): number {
  const version = Math.min(state.row.latest_version, SOURCE - 1)
  return state.isTruth ? ARCHIVE + version : (trustOfSource[state.row.source] ?? OTHER_SOURCE) * SOURCE + version
}

export const evenTrust = (trust: number): TextTrust => ({
  title: trust,
  abstract: trust,
  authors: trust,
  categories: trust,
})

/** As it is stored: one number where all four are equal, as they nearly always are. */
export function writeTrust({ title, abstract, authors, categories }: TextTrust): string {
  const isEven = title === abstract && title === authors && title === categories
  return isEven ? String(title) : [title, abstract, authors, categories].join(' ')
}

/** Of papers that were stored before it was kept: only the archive's own records name a submitter. */
export function readTrust(row: PaperRow): TextTrust {
  if (row.text_trust === null) return evenTrust(trustOf({ row, isTruth: row.submitter === null ? undefined : true }))
  const [title = 0, abstract = title, authors = title, categories = title] = row.text_trust.split(' ').map(Number)
  return { title, abstract, authors, categories }
}

/**
 * Whether an incoming text takes the place of the stored one. What the archive says again about the same version is its
 * newer word; of two others that are trusted alike the longer stays, then the one that sorts first.
 */
export function takesPlace(
  stored: { text: string; trust: number },
  incoming: { text: string; trust: number },
): boolean {
  if (incoming.text === '') return false
  if (stored.text === '') return true
  if (incoming.trust !== stored.trust) return incoming.trust > stored.trust
  if (isArchives(incoming.trust)) return true
  if (incoming.text.length !== stored.text.length) return incoming.text.length > stored.text.length
  return incoming.text < stored.text
}

/** Whether the incoming record is the archive's word on a version not older than the one whose title is stored. */
export function isArchivesLastWord(stored: PaperState, incoming: PaperState): boolean {
  return incoming.isTruth === true && incoming.trust.title >= stored.trust.title
}
