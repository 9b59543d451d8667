import { escapeHtml, htmlOf, texToText } from '../../lib/tex/index.ts'
import type { Marker } from '../../search/index.ts'

/** A text in display form as HTML, with the words that were looked for in `<mark>`. Maths is set and never marked. */
export function markedHtml(text: string, mark: Marker): string {
  return htmlOf(texToText(text), (plain) => {
    let html = ''
    let from = 0
    for (const [start, end] of mark(plain)) {
      html += `${escapeHtml(plain.slice(from, start))}<mark>${escapeHtml(plain.slice(start, end))}</mark>`
      from = end
    }
    return html + escapeHtml(plain.slice(from))
  })
}
