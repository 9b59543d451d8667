import { createMemo } from './create-memo.ts'
import { mathToPlain } from './math-to-plain.ts'
import { hasMarkup } from './render-tex-html.ts'
import { mapMath } from './split-math.ts'
import { texToText } from './tex-to-text.ts'

const memoLimit = 1_000_000

const renderMarked = createMemo(memoLimit, (text) =>
  mapMath(
    texToText(text),
    (words) => words,
    ({ body }) => (mathToPlain(body) ?? body.replace(/\s+/g, ' ').trim()).normalize('NFC'),
  ),
)

/**
 * A text, raw or in display form, as readable Unicode without markup, for mail, page titles, feeds and cards: simple
 * maths becomes `O(n²)`, other maths its source without dollar signs. Not escaped. Paragraphs stay `\n\n`.
 */
export function renderTexPlain(text: string): string {
  return hasMarkup(text) ? renderMarked(text) : texToText(text)
}
