import { foldCharacter, standsAlone } from './fold.ts'
import { texWord } from './tex-commands.ts'

/**
 * Takes one word: `start` and `end` are offsets into the text. `isJoined` marks the closed spelling of a word written
 * in parts (`gpt4v` of `GPT-4V`), which follows its parts and takes no place of its own in the sentence.
 */
export type TakeWord = (word: string, start: number, end: number, isJoined: boolean) => void

const LETTER = 1
const DIGIT = 2
const CONNECTOR = 3
const kinds = new Uint8Array(128)
for (let code = 0; code < 128; code++) {
  const character = String.fromCharCode(code)
  if (/[a-z]/i.test(character)) kinds[code] = LETTER
  else if (/[0-9]/.test(character)) kinds[code] = DIGIT
  else if (/[-_^'.,]/.test(character)) kinds[code] = CONNECTOR
}

/** Code units. What is longer is a formula or an accident, and is cut. */
const longestWord = 64
/** A closed spelling is made of at most so many parts (`state-of-the-art`) and characters. */
const mostParts = 4
const longestJoined = 32

/**
 * Splits a text into words: letters and digits of any script, in lower case, without accents and TeX.
 *
 * - `GPT-4V`, `non-IID`, `l_2`, `L^{p}`, `O'Brien` are reported as their parts and in their closed spelling.
 * - Numbers stay whole: `3.5`, `1,000` (as `1000`), and with them `2401.00001` (without its `v2`).
 * - `C++` and `C#` stay whole; `Bayes'` and `Bayes's` are `bayes`.
 * - Names of Greek letters stay (`\alpha` is `alpha`), other TeX commands go.
 * - Chinese and Japanese characters are a word each.
 *
 * Never throws, whatever the text; takes time linear in its length.
 *
 * @example words('GPT-4V in 3D') // ['gpt', '4v', 'gpt4v', 'in', '3d']
 */
export function tokenize(text: string, take: TakeWord): void {
  new Reader(text, take).run()
}

/** All words of a text in a row, for tests and small jobs. */
export function words(text: string): string[] {
  const found: string[] = []
  tokenize(text, (word) => found.push(word))
  return found
}

class Reader {
  private readonly text: string
  private readonly lower: string
  private readonly take: TakeWord
  private at = 0
  /** The folded letters of the part being read, and the last kind of ASCII character seen in it. */
  private part = ''
  private lastKind = 0

  constructor(text: string, take: TakeWord) {
    this.text = text
    this.take = take
    const lower = text.toLowerCase()
    // Lower-casing may lengthen a text (İ); offsets are worth more than that letter.
    this.lower = lower.length === text.length ? lower : asciiLower(text)
  }

  run(): void {
    const { text } = this
    while (this.at < text.length) {
      const code = text.charCodeAt(this.at)
      if (code < 128) {
        const kind = kinds[code] as number
        if (kind === LETTER || kind === DIGIT) this.compound()
        else if (code === 92) this.command()
        else this.at++
      } else this.beyondAscii(text.codePointAt(this.at) as number)
    }
  }

  private beyondAscii(point: number): void {
    const size = point > 0xffff ? 2 : 1
    if (standsAlone(point)) {
      this.take(this.text.slice(this.at, this.at + size), this.at, this.at + size, false)
      this.at += size
    } else if (/^[^-']/.test(foldCharacter(point) ?? '')) this.compound()
    else this.at += size
  }

  /** A word of one or more parts, with the cursor on its first character. */
  private compound(): void {
    const start = this.at
    let joined = ''
    let parts = 0
    for (;;) {
      const partStart = this.at
      this.readPart()
      if (this.part === '') break
      let word = this.part.length > longestWord ? this.part.slice(0, longestWord) : this.part
      if (word.length > 9 && word.charCodeAt(4) === 46) word = withoutVersion(word)
      this.take(word, partStart, this.at, false)
      if (parts < mostParts) joined += word
      parts++
      if (!this.skipConnector()) break
    }
    if (parts > 1 && parts <= mostParts && joined.length <= longestJoined) this.take(joined, start, this.at, true)
  }

  /** Reads letters and digits, with a dot or comma inside a number, into `part`. */
  private readPart(): void {
    const { text, lower } = this
    const start = this.at
    let from = start
    let folded = ''
    this.lastKind = 0
    for (;;) {
      const code = text.charCodeAt(this.at) // NaN at the end
      if (code < 128) {
        const kind = kinds[code] as number
        if (kind === LETTER || kind === DIGIT) {
          this.lastKind = kind
          this.at++
        } else if (kind === CONNECTOR && this.lastKind === DIGIT && this.isInsideNumber(code)) {
          if (code === 44) {
            folded += lower.slice(from, this.at)
            from = this.at + 1
          }
          this.at++
        } else break
      } else if (code >= 128) {
        const point = text.codePointAt(this.at) as number
        const letters = standsAlone(point) ? undefined : foldCharacter(point)
        if (letters === undefined || letters === '-' || letters === "'") break
        folded += lower.slice(from, this.at) + letters
        this.at += point > 0xffff ? 2 : 1
        from = this.at
        this.lastKind = LETTER
      } else break
    }
    this.part = folded + lower.slice(from, this.at)
    if (text.charCodeAt(this.at) === 43 || text.charCodeAt(this.at) === 35) this.readSigns()
  }

  /** `++` after a name, `#` after one letter, when nothing of a word follows. */
  private readSigns(): void {
    const { text, at } = this
    const signs =
      text.charCodeAt(at) === 43 ? (text.charCodeAt(at + 1) === 43 ? '++' : '') : this.part.length === 1 ? '#' : ''
    if (signs === '' || this.lastKind !== LETTER) return
    const next = text.charCodeAt(at + signs.length)
    if (next < 128 && (kinds[next] === LETTER || kinds[next] === DIGIT)) return
    this.part += signs
    this.at += signs.length
  }

  private isInsideNumber(code: number): boolean {
    const { text, at } = this
    const isDigit = (offset: number) => kinds[text.charCodeAt(at + offset)] === DIGIT
    if (code === 46) return isDigit(1)
    return code === 44 && isDigit(1) && isDigit(2) && isDigit(3) && !isDigit(4)
  }

  /** Steps over what joins two parts of one word; false, without a step, when no further part follows. */
  private skipConnector(): boolean {
    const { text } = this
    const code = text.charCodeAt(this.at)
    let next = this.at + 1
    if (code === 45 || isHyphen(code)) {
      // as it is: GPT-4V
    } else if (code === 95 || code === 94) {
      if (text.charCodeAt(next) === 123) next++
    } else if (code === 39 || code === 0x2019) {
      if ((text.charCodeAt(next) | 32) === 115 && !isWordAt(text, next + 1)) {
        this.at = next + 1 // the genitive's s is no word
        return false
      }
    } else return false
    if (!isWordAt(text, next)) return false
    this.at = next
    return true
  }

  private command(): void {
    const { text } = this
    const start = this.at
    let end = start + 1
    while (kinds[text.charCodeAt(end)] === LETTER) end++
    const word = texWord(text.slice(start + 1, end))
    if (word) this.take(word, start, end, false)
    this.at = end > start + 1 ? end : start + 2
  }
}

function isWordAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  if (code < 128) return kinds[code] === LETTER || kinds[code] === DIGIT
  return code >= 128 && !standsAlone(code) && /^[^-']/.test(foldCharacter(text.codePointAt(at) as number) ?? '')
}

const isHyphen = (code: number) => code === 0x2010 || code === 0x2011

const withoutVersion = (word: string) => word.replace(/^(\d{4}\.\d{4,5})v\d+$/, '$1')

const asciiLower = (text: string) => text.replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase())
