/** Beyond this many different words the memo starts anew. 400,000 are about 40 MB. */
const memoLimit = 400_000
const memo = new Map<string, string>()

/**
 * Words that the algorithm brings to one stem, `gener`, and readers do not: every second abstract generates something or is
 * general, few are about generalizing. The spelling with s belongs to it.
 */
const apart: readonly (readonly [beginning: RegExp, stem: string])[] = [
  [/^generali[sz](?!t)/, 'generaliz'],
  [/^general/, 'general'],
  [/^generat/, 'generat'],
  [/^generic/, 'generic'],
]

/**
 * The stem of a word: what its forms have in common, by the algorithm of M. F. Porter (An algorithm for suffix stripping,
 * Program 14(3), 1980) with the two departures of his own later program (`-bli`, `-logi`), and the words `apart`. Words with
 * anything but a-z, and words of up to three letters, are their own stem.
 *
 * @example stem('generalization') === stem('generalize') // true
 * @example stem('4v') // '4v'
 */
export function stem(word: string): string {
  const known = memo.get(word)
  if (known !== undefined) return known
  if (memo.size >= memoLimit) memo.clear()
  const found = /^[a-z]+$/.test(word) ? toFixedPoint(word) : word
  memo.set(word, found)
  return found
}

/** Stemmed until nothing changes, so that a stem is its own stem and terms can be told apart by it alone. */
function toFixedPoint(word: string): string {
  for (const [beginning, own] of apart) if (beginning.test(word)) return own
  let shorter = word
  for (;;) {
    const next = shorter.length > 3 ? porter(shorter) : shorter
    if (next === shorter) return next
    shorter = next
  }
}

const consonant = '[^aeiou]'
const vowel = '[aeiouy]'
const consonants = `${consonant}[^aeiouy]*`
const vowels = `${vowel}[aeiou]*`
/** Measures of a stem in vowel-consonant pairs: at least one, exactly one, at least two. */
const oneOrMore = new RegExp(`^(${consonants})?${vowels}${consonants}`)
const exactlyOne = new RegExp(`^(${consonants})?${vowels}${consonants}(${vowels})?$`)
const twoOrMore = new RegExp(`^(${consonants})?${vowels}${consonants}${vowels}${consonants}`)
const hasVowel = new RegExp(`^(${consonants})?${vowel}`)
const endsShort = new RegExp(`^${consonants}${vowel}[^aeiouwxy]$`)

const step2: [suffix: string, by: string][] = [
  ['ational', 'ate'],
  ['tional', 'tion'],
  ['enci', 'ence'],
  ['anci', 'ance'],
  ['izer', 'ize'],
  ['bli', 'ble'],
  ['alli', 'al'],
  ['entli', 'ent'],
  ['eli', 'e'],
  ['ousli', 'ous'],
  ['ization', 'ize'],
  ['ation', 'ate'],
  ['ator', 'ate'],
  ['alism', 'al'],
  ['iveness', 'ive'],
  ['fulness', 'ful'],
  ['ousness', 'ous'],
  ['aliti', 'al'],
  ['iviti', 'ive'],
  ['biliti', 'ble'],
  ['logi', 'log'],
]
const step3: [suffix: string, by: string][] = [
  ['icate', 'ic'],
  ['ative', ''],
  ['alize', 'al'],
  ['iciti', 'ic'],
  ['ical', 'ic'],
  ['ful', ''],
  ['ness', ''],
]
const step4 = /^(.+?)(al|ance|ence|er|ic|able|ible|ant|ement|ment|ent|ou|ism|ate|iti|ous|ive|ize|(?<=[st])ion)$/

function porter(word: string): string {
  const startsWithY = word.startsWith('y')
  let w = startsWithY ? `Y${word.slice(1)}` : word
  w = plural(w)
  w = pastAndGerund(w)
  if (w.endsWith('y') && hasVowel.test(w.slice(0, -1))) w = `${w.slice(0, -1)}i`
  w = replaceSuffix(w, step2)
  w = replaceSuffix(w, step3)
  const residue = step4.exec(w)
  if (residue && twoOrMore.test(residue[1] as string)) w = residue[1] as string
  if (w.endsWith('e')) {
    const base = w.slice(0, -1)
    if (twoOrMore.test(base) || (exactlyOne.test(base) && !endsShort.test(base))) w = base
  }
  if (w.endsWith('ll') && twoOrMore.test(w)) w = w.slice(0, -1)
  return startsWithY ? `y${w.slice(1)}` : w
}

function plural(w: string): string {
  if (w.endsWith('sses') || w.endsWith('ies')) return w.slice(0, -2)
  return w.endsWith('s') && !w.endsWith('ss') ? w.slice(0, -1) : w
}

function pastAndGerund(w: string): string {
  if (w.endsWith('eed')) return oneOrMore.test(w.slice(0, -3)) ? w.slice(0, -1) : w
  const base = w.endsWith('ed') ? w.slice(0, -2) : w.endsWith('ing') ? w.slice(0, -3) : undefined
  if (base === undefined || !hasVowel.test(base)) return w
  if (/(at|bl|iz)$/.test(base)) return `${base}e`
  if (/([^aeiouylsz])\1$/.test(base)) return base.slice(0, -1)
  return endsShort.test(base) ? `${base}e` : base
}

/** The longest suffix of the table that the word ends in is replaced, if enough of the word is left before it. */
function replaceSuffix(w: string, table: readonly [suffix: string, by: string][]): string {
  let best: [suffix: string, by: string] | undefined
  for (const row of table) if (w.endsWith(row[0]) && row[0].length > (best?.[0].length ?? 0)) best = row
  if (!best) return w
  const base = w.slice(0, -best[0].length)
  return oneOrMore.test(base) ? base + best[1] : w
}
