import temml from 'temml'
import { authorMacros } from './author-macros.ts'
import { escapeHtml } from './escape-html.ts'
import { dressNode, type MathTreeNode } from './math-classes.ts'
import type { MathSpan } from './math-span.ts'

/** The part of Temml that hands over its tree before it becomes markup; its type declarations miss the default export. */
const engine = temml as unknown as { __renderToMathMLTree(tex: string, options: object): MathTreeNode }

/** Longer formulas are shown as source: a whole arXiv abstract has 1,920 characters. */
const longestFormula = 4000
const longestMarkup = 60_000

/** A formula that defines commands could define a bomb, and no title needs one. */
const defines =
  /\\(?:[egx]?def|(?:re)?newcommand|providecommand|let|futurelet|global|long|require|input|csname)(?![a-zA-Z])/

/** One formula as MathML without inline styles; what Temml cannot read is shown as its source in `<code>`. */
export function mathToHtml(span: MathSpan, source: string): string {
  return markupOf(span) ?? sourceAsHtml(source)
}

/** How a formula is shown that cannot be set. */
export function sourceAsHtml(source: string): string {
  return `<code class="tex">${escapeHtml(source)}</code>`
}

function markupOf({ body, display }: MathSpan): string | undefined {
  if (body.length > longestFormula || defines.test(body)) return undefined
  try {
    const tree = engine.__renderToMathMLTree(readableBody(body), {
      displayMode: display,
      throwOnError: true,
      trust: false,
      strict: false,
      maxExpand: 400,
      maxSize: [20, 400],
      macros: { ...authorMacros },
    })
    dressNode(tree)
    const markup = tree.toMarkup()
    return markup.length > longestMarkup ? undefined : markup
  } catch {
    // ParseError for unknown or broken TeX, RangeError for absurd nesting: the reader gets the source.
    return undefined
  }
}

/** Turns what is right in LaTeX, or common on arXiv, but unknown to Temml, into what Temml reads. */
function readableBody(body: string): string {
  if (!/%|\\(?:label|eqref|ref|begin|unicode|H|_|<|>)/.test(body)) return body
  const text = body
    .replace(/\\label\s*\{[^{}]*\}/g, '')
    .replace(/\\(eq)?ref\s*\{([^{}]*)\}/g, (_, eq, key: string) => `\\text{${eq ? `(${key})` : key}}`)
    .replace(/(\d\s*)(?<!\\)%/g, '$1\\%')
    .replace(/(?<!\\)%/g, ' ')
    .replace(
      /\\unicode\{x([0-9A-Fa-f]{2,5})\}/g,
      (_, code: string) => `\\text{${String.fromCodePoint(Number.parseInt(code, 16))}}`,
    )
    .replace(/\\H(?=[^a-zA-Z\s{]|$)/g, '\\mathbb{H}')
    .replace(/\\([<>])/g, '$1')
    .replace(/\\begin\{eqnarray\*?\}/g, '\\begin{array}{rcl}')
    .replace(/\\end\{eqnarray\*?\}/g, '\\end{array}')
    .replace(/\\begin\{array\}\s*\[\w\]/g, '\\begin{array}')
    .replace(/(\\begin\{array\}\s*\{[^{}]*)@\s*\{[^{}]*\}/g, '$1')
  return writesWords.test(text) ? text : text.replace(/\\_(?=[{\\\w])/g, '_')
}

/** Where `\_` is an underscore; elsewhere it is a subscript that some repository escaped on its way to arXiv. */
const writesWords = /\\(?:text|mathrm|mathtt|mathsf|mathit|operatorname|mbox|hbox)/
