/** `\circled{3}`: a number in a circle, up to 20. */
export function circled(number: number): string | undefined {
  return number >= 1 && number <= 20 ? String.fromCharCode(0x2460 + number - 1) : undefined
}

/** The circled numbers of the pifont package; others stay. */
export function dingbat(code: number): string | undefined {
  if (code >= 172 && code <= 181) return String.fromCharCode(0x2460 + code - 172)
  if (code >= 182 && code <= 191) return String.fromCharCode(0x2776 + code - 182)
  if (code >= 192 && code <= 201) return String.fromCharCode(0x2780 + code - 192)
  if (code >= 202 && code <= 211) return String.fromCharCode(0x278a + code - 202)
  return code === 51 || code === 52 ? '✓' : code >= 53 && code <= 56 ? '✗' : undefined
}
