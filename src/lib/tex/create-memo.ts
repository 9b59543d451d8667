/**
 * Remembers the results of a pure text function, the longest unused forgotten first. `limit` is in characters of keys
 * and values together, so a few long abstracts cannot outgrow many short titles.
 */
export function createMemo(limit: number, fn: (text: string) => string): (text: string) => string {
  const remembered = new Map<string, string>()
  let size = 0
  return (text) => {
    const known = remembered.get(text)
    if (known !== undefined) {
      remembered.delete(text)
      remembered.set(text, known)
      return known
    }
    const value = fn(text)
    const cost = text.length + value.length
    // One giant must not push out everything else.
    if (cost > limit / 8) return value
    remembered.set(ownCopy(text), ownCopy(value))
    size += cost
    for (const [oldest, oldValue] of remembered) {
      if (size <= limit) break
      remembered.delete(oldest)
      size -= oldest.length + oldValue.length
    }
    return value
  }
}

/** A text cut out of a larger one keeps all of that in memory: titles would hold on to whole files of papers. */
function ownCopy(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le')
}
