/** Inks of one depth: calm beside each other, and paper-coloured letters on them have a contrast of 5 or more. */
const inks = [
  '#96391f',
  '#7d5410',
  '#5d6118',
  '#3c6833',
  '#1f6650',
  '#1a6270',
  '#2c5c88',
  '#434f96',
  '#664690',
  '#83407a',
  '#953a58',
  '#6e5443',
]

/** The ink of a category or any other key; the same key always has the same ink. */
export function inkOf(key: string): string {
  return inks[numberOf(key) % inks.length] as string
}

/** Where the count begins: chosen so that the ten busiest categories of arXiv's daily papers have ten inks. */
const SEED = 596

/** A number from 0 to 2^32 - 1 that depends on every character of a text. */
export function numberOf(text: string): number {
  let number = SEED
  for (let index = 0; index < text.length; index++) number = Math.imul(number ^ text.charCodeAt(index), 16777619)
  return (number ^ (number >>> 13)) >>> 0
}
