// From text to the tokens that the embedding knows, for training and for use alike. Tokens are hashes and places in the
// folded text: no string is made for a word, which is what makes embedding fast.

/** Raise when the same text gives other tokens than before: embeddings and indexes made earlier no longer fit. */
export const TOKENISER_VERSION = 1

/** How a token follows the one before it: nothing but a space or hyphen between, a comma or bracket, a new sentence. */
export const GAP = { none: 0, phrase: 1, sentence: 2 } as const

/** The tokens of one text. The arrays are reused by the next text and may be longer than `count`. */
export type Tokens = {
  count: number
  /** 32-bit hash of each token. */
  hashes: Uint32Array
  gaps: Uint8Array
  /** Where the token stands in `folded`. */
  starts: Uint32Array
  ends: Uint32Array
  folded: string
}

const WORD = 1
const PHRASE_END = 2
const SENTENCE_END = 3
const COMMAND = 4
const DOT = 46
const PLUS = 43

const classes = new Uint8Array(128)
const lower = new Uint8Array(128)
for (let code = 0; code < 128; code++) {
  const isUpper = code >= 65 && code <= 90
  const isWord = isUpper || (code >= 97 && code <= 122) || (code >= 48 && code <= 57)
  classes[code] = isWord ? WORD : 0
  lower[code] = isUpper ? code + 32 : code
}
for (const mark of ',;:()[]"|') classes[mark.charCodeAt(0)] = PHRASE_END
for (const mark of '.!?') classes[mark.charCodeAt(0)] = SENTENCE_END
classes[92] = COMMAND

const isDigit = (code: number) => code >= 48 && code <= 57
const isLetter = (code: number) => (code >= 97 && code <= 122) || (code >= 65 && code <= 90)

/** FNV-1a over UTF-16 units. */
export const HASH_START = 0x811c9dc5
export const HASH_FACTOR = 0x01000193

/** The hash of a word that is already folded, as `tokenize` computes it. */
export function hashWord(word: string): number {
  let hash = HASH_START
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), HASH_FACTOR)
  return hash >>> 0
}

/** The hash of two words that follow each other. */
export function hashPair(first: number, second: number): number {
  const mixed = Math.imul(first ^ (first >>> 15), 0x85ebca6b) ^ Math.imul(second ^ (second >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

const wordSet = (words: string): Set<number> => new Set(words.trim().split(/\s+/).map(hashWord))

/** Words that carry no subject: no pair is made with them. */
const stopWords = wordSet(`
  a about above after again all also am an and any are as at be because been before being below between both but by can
  could did do does doing down during each few for from further had has have having he her here hers him his how however
  i if in into is it its itself just may me might more most much must my no nor not now of off on once only or other our
  out over own per same shall she should so some such than that the their them then there therefore these they this
  those through thus to too under until up upon us use used uses using very via was we well were what when where whether
  which while who whom why will with within without would yet you your et al e.g i.e etc s t`)

/** TeX commands that only say how something looks. Others, such as \\alpha, are words. */
const formattingCommands = wordSet(`
  text textbf textit textrm textsf texttt textsc emph em it bf rm tt sc sf mathbf mathbb mathcal mathrm mathfrak mathscr
  mathsf mathit boldsymbol bm operatorname left right big bigg bigl bigr biggl biggr frac dfrac tfrac mbox hbox overline
  underline widehat hat tilde widetilde bar vec dot ddot quad qquad displaystyle limits cdot cdots ldots dots ensuremath
  url href cite ref label footnote begin end item par noindent newline color textcolor xspace leq geq le ge times to in`)

export const isStopWord = (hash: number): boolean => stopWords.has(hash)

const greek = 'alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma sigma tau'
  .concat(' upsilon phi chi psi omega')
  .split(' ')
const letterNames: Record<string, string> = {
  ...Object.fromEntries(greek.map((name, index) => [String.fromCharCode(0x3b1 + index), ` ${name} `])),
  ...{ ł: 'l', ø: 'o', ß: 'ss', æ: 'ae', œ: 'oe', đ: 'd', ð: 'd', þ: 'th', ı: 'i' },
}
// biome-ignore lint/suspicious/noControlCharactersInRegex: everything outside ASCII
const beyondAscii = /[^\x00-\x7f]/

/** Case and accents folded, Greek letters spelt out as TeX does; ASCII text is left as it is (case folds later). */
function fold(text: string): string {
  if (!beyondAscii.test(text)) return text
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[α-ωłøßæœđðþı]/g, (letter) => letterNames[letter]!)
    .replace(/[–—…]/g, ', ')
    .replace(/[^\p{ASCII}\p{L}\p{N}]+/gu, ' ')
}

export function createTokens(capacity = 1024): Tokens {
  return {
    count: 0,
    hashes: new Uint32Array(capacity),
    gaps: new Uint8Array(capacity),
    starts: new Uint32Array(capacity),
    ends: new Uint32Array(capacity),
    folded: '',
  }
}

function grow(tokens: Tokens): void {
  const size = tokens.hashes.length * 2
  const longer = <T extends Uint32Array | Uint8Array>(next: T, before: T): T => {
    next.set(before)
    return next
  }
  tokens.hashes = longer(new Uint32Array(size), tokens.hashes)
  tokens.starts = longer(new Uint32Array(size), tokens.starts)
  tokens.ends = longer(new Uint32Array(size), tokens.ends)
  tokens.gaps = longer(new Uint8Array(size), tokens.gaps)
}

/**
 * Splits a text into `into`. A token is a run of letters and digits; a point between digits belongs to it (`3.5`), and
 * so do plus signs after a letter (`c++`). `gpt-4v` are the two tokens gpt and 4v without a gap.
 */
export function tokenize(text: string, into: Tokens): void {
  const folded = fold(text)
  const length = folded.length
  let count = 0
  let gap: number = GAP.sentence
  let i = 0
  while (i < length) {
    let code = folded.charCodeAt(i)
    const kind = code < 128 ? classes[code]! : WORD
    if (kind !== WORD) {
      if (kind === PHRASE_END) gap = Math.max(gap, GAP.phrase)
      else if (kind === SENTENCE_END) gap = Math.max(gap, i + 1 < length && folded.charCodeAt(i + 1) > 32 ? 1 : 2)
      else if (kind === COMMAND) i = afterFormatting(folded, i + 1) - 1
      i += 1
      continue
    }
    const start = i
    let hash = HASH_START
    for (;;) {
      hash = Math.imul(hash ^ (code < 128 ? lower[code]! : code), HASH_FACTOR)
      i += 1
      if (i >= length) break
      const before = code
      code = folded.charCodeAt(i)
      if (code >= 128 || classes[code] === WORD) continue
      if (code === DOT && isDigit(before) && i + 1 < length && isDigit(folded.charCodeAt(i + 1))) continue
      if (
        code === PLUS &&
        (isLetter(before) || before === PLUS) &&
        (before === PLUS || folded.charCodeAt(i + 1) === PLUS)
      )
        continue
      break
    }
    if (count === into.hashes.length) grow(into)
    into.hashes[count] = hash >>> 0
    into.gaps[count] = gap
    into.starts[count] = start
    into.ends[count] = i
    count += 1
    gap = GAP.none
  }
  into.count = count
  into.folded = folded
}

/** Behind a backslash: where to go on. A formatting command is passed over, any other is read as a word. */
function afterFormatting(text: string, from: number): number {
  let end = from
  while (end < text.length && isLetter(text.charCodeAt(end))) end += 1
  return formattingCommands.has(hashWord(text.slice(from, end))) ? end : from
}

/** Token `index` as a word. */
export const wordAt = (tokens: Tokens, index: number): string =>
  tokens.folded.slice(tokens.starts[index], tokens.ends[index]).toLowerCase()
