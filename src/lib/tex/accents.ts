const above: Record<string, string> = {
  "'": '\u0301',
  '`': '\u0300',
  '^': '\u0302',
  '"': '\u0308',
  '~': '\u0303',
  '=': '\u0304',
  '.': '\u0307',
  u: '\u0306',
  v: '\u030c',
  H: '\u030b',
  r: '\u030a',
  h: '\u0309',
}
const below: Record<string, string> = {
  c: '\u0327',
  k: '\u0328',
  d: '\u0323',
  b: '\u0331',
  textcommabelow: '\u0326',
}
const marks: Record<string, string> = { ...above, ...below }

/** Whether `\name` is a text accent: the signs `' \` ^ " ~ = .` or the letters `u v H r h c k d b` (and `t`, a tie). */
export function isAccent(name: string): boolean {
  return name === 't' || Object.hasOwn(marks, name)
}

/**
 * `e` under `'` is `é`; undefined when the pair makes no sense. A pair without a letter of its own in Unicode is only
 * accepted when `braced`, because `\b x` and `\d t` are more often an author's private commands.
 */
export function accented(name: string, base: string, braced: boolean): string | undefined {
  const first = /^\p{L}\p{M}*/u.exec(base)?.[0]
  if (first === undefined) return undefined
  const rest = base.slice(first.length)
  if (name === 't') return rest === '' ? undefined : `${first}\u0361${rest}`
  if (rest !== '' && !/^[\p{L}\p{M}'’-]*$/u.test(rest)) return undefined
  const undotted = Object.hasOwn(above, name) ? first.replace(/^ı/, 'i').replace(/^ȷ/, 'j') : first
  const letter = (undotted + marks[name]).normalize('NFC')
  if (!braced && /\p{M}/u.test(letter)) return undefined
  return letter + rest
}
