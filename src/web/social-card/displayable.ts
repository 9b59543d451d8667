import { signStandIns } from './sign-stand-ins.ts'

/** More marks than this above one letter is no writing. */
const MAX_MARKS = 2
const invisible = /[\p{C}\p{Default_Ignorable_Code_Point}]/gu

/**
 * The part of a text that can be drawn, on one line: a character without a glyph becomes its plain form (𝔸 is A, ﬁ is
 * fi), then its letter without marks, and else is left out. Answers '' when only punctuation of a text would be left.
 * @param maxCharacters the rest of a longer text is not looked at
 */
export function displayable(text: string, has: (character: string) => boolean, maxCharacters: number): string {
  const visible = text
    .slice(0, 4 * maxCharacters)
    .replace(/\s+/g, ' ')
    .replace(invisible, '')
  const characters = [...visible.normalize('NFC')].slice(0, maxCharacters)
  let marks = 0
  const drawn = characters.map((character) => {
    marks = /\p{M}/u.test(character) ? marks + 1 : 0
    return marks > MAX_MARKS ? '' : drawableForm(character, has)
  })
  const line = drawn.join('').replace(/\s+/g, ' ').trim()
  const saysSomething = /[\p{L}\p{N}\p{S}]/u
  return saysSomething.test(line) || !saysSomething.test(text) ? line : ''
}

function drawableForm(character: string, has: (character: string) => boolean): string {
  if (/\s/.test(character)) return ' '
  const plain = character.normalize('NFKC')
  const forms = [character, plain, signStandIns[plain] ?? '', character.normalize('NFKD').replace(/\p{M}/gu, '')]
  return forms.find((form) => form !== '' && [...form].every(has)) ?? ''
}
