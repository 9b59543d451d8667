/** A table written as `name sign name sign ...`, which reads better than a thousand quotes. */
export function symbolTable(source: string): Map<string, string> {
  const words = source.trim().split(/\s+/)
  const table = new Map<string, string>()
  for (let i = 0; i + 1 < words.length; i += 2) table.set(words[i]!, words[i + 1]!)
  return table
}
