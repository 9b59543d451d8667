/** First code points of the mathematical alphabets: capitals, small letters, digits (0 where there are none). */
const alphabets: Record<string, [number, number, number]> = {
  mathbb: [0x1d538, 0x1d552, 0x1d7d8],
  mathcal: [0x1d49c, 0x1d4b6, 0],
  mathscr: [0x1d49c, 0x1d4b6, 0],
  mathfrak: [0x1d504, 0x1d51e, 0],
}

/** Letters that Unicode had before it had the alphabets. */
const older: Record<string, string> = {
  mathbb: 'CℂHℍNℕPℙQℚRℝZℤ',
  mathcal: 'BℬEℰFℱHℋIℐLℒMℳRℛeℯgℊoℴ',
  mathscr: 'BℬEℰFℱHℋIℐLℒMℳRℛeℯgℊoℴ',
  mathfrak: 'CℭHℌIℑRℜZℨ',
}

/** `R` in `mathbb` is `ℝ`; undefined unless everything is letters (or digits) of that alphabet. */
export function mathLetters(alphabet: string, text: string): string | undefined {
  const [capitals, smalls, digits] = alphabets[alphabet] ?? [0, 0, 0]
  if (capitals === 0 || text === '') return undefined
  let out = ''
  for (const letter of text) {
    const known = older[alphabet]!.indexOf(letter)
    if (known >= 0 && known % 2 === 0) out += older[alphabet]![known + 1]
    else if (letter >= 'A' && letter <= 'Z') out += String.fromCodePoint(capitals + letter.charCodeAt(0) - 65)
    else if (letter >= 'a' && letter <= 'z') out += String.fromCodePoint(smalls + letter.charCodeAt(0) - 97)
    else if (digits > 0 && letter >= '0' && letter <= '9') out += String.fromCodePoint(digits + Number(letter))
    else return undefined
  }
  return out
}
