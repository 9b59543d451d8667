import { createMemo } from './create-memo.ts'
import { escapeHtml } from './escape-html.ts'
import { htmlOf } from './render-tex-html.ts'
import { texToText } from './tex-to-text.ts'

const memoLimit = 4_000_000

/**
 * A text, raw or in display form, as HTML paragraphs `<p>...</p>`, with web addresses linked (`nofollow ugc`) and
 * `arXiv:2401.00001` leading to our own page of that paper. Empty text gives no paragraph.
 */
export const renderTexParagraphs: (text: string) => string = createMemo(memoLimit, (text) =>
  texToText(text)
    .split('\n\n')
    .filter((paragraph) => paragraph !== '')
    .map((paragraph) => `<p>${htmlOf(paragraph, linked)}</p>`)
    .join(''),
)

const reference =
  /https?:\/\/[^\s<>"“”{}\\^`|\u00a0]+|\barXiv:\s?(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?\/\d{7})(?:v\d+)?/gi

function linked(text: string): string {
  let out = ''
  let from = 0
  for (const found of text.matchAll(reference)) {
    const [whole, paper] = found
    const shown = paper === undefined ? withoutTail(whole) : whole
    if (paper === undefined && !/^https?:\/\/[^/]*\p{L}/iu.test(shown)) continue
    out += escapeHtml(text.slice(from, found.index))
    out +=
      paper === undefined
        ? `<a rel="nofollow ugc" href="${escapeHtml(shown)}">${escapeHtml(shown)}</a>`
        : `<a href="/papers/${escapeHtml(paper)}">${escapeHtml(shown)}</a>`
    from = found.index + shown.length
  }
  return out + escapeHtml(text.slice(from))
}

/** The sentence's own punctuation is no part of an address; a closing bracket is when the address opened it. */
function withoutTail(address: string): string {
  let end = address.length
  for (; end > 0; end--) {
    const last = address[end - 1]!
    if (last === ')' && countOf(address, '(', end) >= countOf(address, ')', end)) break
    if (last === ']' && countOf(address, '[', end) >= countOf(address, ']', end)) break
    if (!".,;:!?'’‘)]*_…".includes(last)) break
  }
  return address.slice(0, end)
}

function countOf(text: string, sign: string, end: number): number {
  return text.slice(0, end).split(sign).length - 1
}
