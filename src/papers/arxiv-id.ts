import { AppError } from '../errors.ts'

export type ArxivId = { id: string; version?: number }

const archives =
  'astro-ph cond-mat cs gr-qc hep-ex hep-lat hep-ph hep-th math math-ph nlin nucl-ex nucl-th physics q-bio q-fin ' +
  'quant-ph stat acc-phys adap-org alg-geom ao-sci atom-ph bayes-an chao-dyn chem-ph cmp-lg comp-gas dg-ga ' +
  'funct-an mtrl-th patt-sol plasm-ph q-alg solv-int supr-con'

/** Archives by their letters alone, so that `hepth` and `Hep--Th` find `hep-th`. Retired ones keep their names. */
const archiveByLetters = new Map(archives.split(' ').map((archive) => [archive.replace('-', ''), archive]))

// Every quantifier below has a bound, so reading stays linear in the text whatever somebody pastes.
const candidatePattern =
  /(\d{4})\.(\d{4,5})(?:v(\d{1,9}))?|([a-z]{1,8}(?:-{1,2}[a-z]{2,4})?)(?:\.[a-z]{2}[a-z-]{0,8})?\/{1,2}(\d{4})(\d{3})(?:v(\d{1,9}))?/gi
/** What in front of an id says that it is arXiv's: a prefix, or the address of a site that files papers by these ids. */
const prefixPattern =
  /(?:(?<![a-z0-9-])arxiv(?:\.org)?[ .:/_-]{0,3}|(?<![a-z0-9_-])(?:arxiv\.org|lanl\.gov|ar5iv\.org|alphaxiv\.org|huggingface\.co|hf\.co|scirate\.com)\/{1,2}(?:abs|pdf|html|src|e-print|format|ps|tb|overview|papers|arxiv)\/{1,2})$/i
/** In front of an id that stands alone: nothing, blank, bracket, quote, or the last part of an arXiv path. */
const openPattern = /(?:^|[\s([{<"'`,;:=|“‘«])(?:\/?(?:abs|pdf)\/)?$/i
/** Behind an id: not more digits or letters, nor a fraction. */
const closedPattern = /^(?![a-z0-9_]|[.-]\d)/i
/** The longest prefix above, with room to spare. */
const CONTEXT_LENGTH = 48

/**
 * Finds the arXiv id in any form people paste: bare, prefixed, an address at arXiv or a site that uses its ids, or
 * within other text. An id that says it is arXiv's wins over a bare one before it. Undefined where there is none.
 */
export function parseArxivId(text: string): ArxivId | undefined {
  const plain = plainAscii(text)
  let bare: ArxivId | undefined
  candidatePattern.lastIndex = 0
  for (let match = candidatePattern.exec(plain); match; match = candidatePattern.exec(plain)) {
    const end = candidatePattern.lastIndex
    // Candidates may overlap ("10.48550/arXiv.hep-th/…"), so the next look starts one character further.
    candidatePattern.lastIndex = match.index + 1
    if (!closedPattern.test(plain.slice(end, end + 2))) continue
    const before = plain.slice(Math.max(0, match.index - CONTEXT_LENGTH), match.index)
    const isNamed = prefixPattern.test(before)
    if (!isNamed && (bare || !openPattern.test(before))) continue
    const found = idOfMatch(match)
    if (!found) continue
    if (isNamed) return found
    bare = found
  }
  return bare
}

/** A number that sorts ids by year, month and number: 2401.00002 before 2401.10000, hep-th/9901001 before both. */
export function arxivSortKey(id: string): number {
  const { year, month, number } = partsOf(id)
  return (year * 100 + month) * 100_000 + number
}

/** The month in which arXiv gave the id out, as `YYYY-MM`: the month of the first announcement. */
export function arxivMonth(id: string): string {
  const { year, month } = partsOf(id)
  return `${year}-${String(month).padStart(2, '0')}`
}

function partsOf(id: string): { year: number; month: number; number: number } {
  const match = /^(?:[a-z-]+\/(\d\d)(\d\d)(\d{3})|(\d\d)(\d\d)\.(\d{4,5}))$/.exec(id)
  if (!match)
    throw new AppError(
      'bad_identifier',
      `Expected an arXiv id such as 2401.00001 or hep-th/9901001, got "${id.slice(0, 80)}".`,
    )
  const [, oldYear, oldMonth, oldNumber, newYear, newMonth, newNumber] = match
  if (oldYear === undefined) return { year: 2000 + Number(newYear), month: Number(newMonth), number: Number(newNumber) }
  const century = Number(oldYear) >= 91 ? 1900 : 2000
  return { year: century + Number(oldYear), month: Number(oldMonth), number: Number(oldNumber) }
}

function idOfMatch(match: RegExpExecArray): ArxivId | undefined {
  const [, newMonth, newNumber, newVersion, archive, oldMonth, oldNumber, oldVersion] = match
  const id = archive === undefined ? newId(newMonth!, newNumber!) : oldId(archive, oldMonth!, oldNumber!)
  const version = newVersion ?? oldVersion
  if (id === undefined || version?.startsWith('0')) return undefined
  return version === undefined ? { id } : { id, version: Number(version) }
}

function newId(yymm: string, number: string): string | undefined {
  if (!isMonth(yymm) || yymm < '0704' || Number(number) === 0) return undefined
  if (yymm >= '1501') return `${yymm}.${number.padStart(5, '0')}`
  return number.length === 4 ? `${yymm}.${number}` : undefined
}

function oldId(name: string, yymm: string, number: string): string | undefined {
  const archive = archiveByLetters.get(name.replaceAll('-', '').toLowerCase())
  const isInRange = yymm >= '9107' || yymm <= '0703'
  return archive && isMonth(yymm) && isInRange && Number(number) !== 0 ? `${archive}/${yymm}${number}` : undefined
}

function isMonth(yymm: string): boolean {
  const month = yymm.slice(2)
  return month >= '01' && month <= '12'
}

/** Undoes what keyboards, word processors and address bars do to an id. */
function plainAscii(text: string): string {
  const plain = text.replace(/%(2F|3A)/gi, (_, code: string) => (code === '3A' || code === '3a' ? ':' : '/'))
  if (!/[^\0-\x7f]/.test(plain)) return plain
  return plain
    .replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/[\u2010-\u2013\u2212\ufe63]/g, '-')
    .replace(/[\u00ad\u200b-\u200f\u2060\ufeff]/g, '')
    .replace(/[\u3002\uff61]/g, '.')
}
