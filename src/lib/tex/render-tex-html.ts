import { createMemo } from './create-memo.ts'
import { escapeHtml } from './escape-html.ts'
import { mathToHtml, sourceAsHtml } from './math-to-html.ts'
import { mapMath } from './split-math.ts'
import { texToText } from './tex-to-text.ts'

/** Characters of abstracts and formulas remembered; a page of fifty cards needs about 300,000. */
const memoLimit = 2_000_000

/** Formulas set per text; an abstract has rarely fifty, and whoever writes a thousand gets their source back. */
const mostFormulas = 300

const formula = createMemo(memoLimit, (source) => mapMath(source, escapeHtml, (span) => mathToHtml(span, source)))

const renderMarked = createMemo(memoLimit, (text) => htmlOf(texToText(text), escapeHtml))

/**
 * A text, raw or in display form, as HTML for the inside of an element: everything escaped, maths as MathML that
 * `math.css` styles, broken maths as its source in `<code class="tex">`. Never throws.
 */
export function renderTexHtml(text: string): string {
  return hasMarkup(text) ? renderMarked(text) : escapeHtml(texToText(text))
}

/** Display text to HTML, with the text between the maths made HTML by `onText`. */
export function htmlOf(display: string, onText: (text: string) => string): string {
  let formulas = 0
  return mapMath(display, onText, (span) => {
    const source = display.slice(span.start, span.end)
    return ++formulas > mostFormulas ? sourceAsHtml(source) : formula(source)
  })
}

/** Without these signs nothing costs enough to be worth remembering. */
export function hasMarkup(text: string): boolean {
  return text.includes('$') || text.includes('\\')
}
