import { ellipsize } from './fit-title.ts'

const MAX_NAMES = 3

/** "Ada, Ben, Chen and 4 more" in as many names as fit, at most three. Empty names count only as more. */
export function authorsLine(authors: string[], fits: (text: string) => boolean): string {
  const names = authors.filter((name) => name !== '').slice(0, MAX_NAMES)
  for (let count = names.length; count > 0; count--) {
    const line = `${join(names.slice(0, count), authors.length - count)}`
    if (fits(line)) return line
  }
  const [first] = names
  if (!first) return ''
  const more = authors.length > 1 ? ` and ${inWords(authors.length - 1)} more` : ''
  return ellipsize(first, (text) => fits(text + more)) + more
}

function join(names: string[], more: number): string {
  if (more > 0) return `${names.join(', ')} and ${inWords(more)} more`
  if (names.length < 2) return names.join('')
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

/** 2996 is 2,996: the same on every machine, whatever its language. */
const inWords = (count: number) => count.toLocaleString('en')
