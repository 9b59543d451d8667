import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { fc } from '../../../tests/property.ts'
import { texToLine, texToText } from './tex-to-text.ts'

const tex = String.raw

/** Each group is a test; each line is what arXiv sends, and what a reader should see. */
const cases: Record<string, [string, string][]> = {
  'accents, with and without braces': [
    [tex`Jos\'e Garc\'{i}a`, 'José García'],
    [tex`Jos{\'e} Garc{\'\i}a`, 'José García'],
    [tex`Garc\'\i a and Mart\'{\i}nez`, 'García and Martínez'],
    [tex`Paul Erd\H{o}s, Erd{\H o}s, {Erd\H{o}s}`, 'Paul Erdős, Erdős, Erdős'],
    [tex`Schr\"{o}dinger, Schr\"odinger, Schr{\"o}dinger, Schr{\"{o}}dinger`, Array(4).fill('Schrödinger').join(', ')],
    [tex`Fran\c{c}ois, Fran\c cois, {\c S}tefan`, 'François, François, Ştefan'],
    [tex`\v{C}ech, \v Cech, Nata\v{s}a`, 'Čech, Čech, Nataša'],
    [tex`Ngo B\h{a}o Ch\^au, Nguy\~{\^e}n, \'{\^e}`, 'Ngo Bảo Châu, Nguyễn, ế'],
    [
      tex`Z\u{a}linescu, Sier\.z\k{e}ga, Sait\=o, \.Istanbul, \r{A}ngstr\"om`,
      'Zălinescu, Sierżęga, Saitō, İstanbul, Ångström',
    ],
    [tex`\d{H}asan, \b{d}, \t{oo}`, 'Ḥasan, ḏ, o͡o'],
    [tex`Poincar\' e and Mu\~noz`, 'Poincaré and Muñoz'],
    [tex`It\\^o and Jos\é, Garl\'\ik`, 'Itô and José, Garlík'],
    ['Unicode stays: Łukasz Źródło', 'Unicode stays: Łukasz Źródło'],
    ['decomposed e\u0301', 'decomposed é'],
  ],
  'letters of their own': [
    [tex`{\L}ojasiewicz, \L ojasiewicz, \L{}ojasiewicz`, 'Łojasiewicz, Łojasiewicz, Łojasiewicz'],
    [tex`S\o ren, S{\o}ren, \O stergaard, G{\aa}rding`, 'Søren, Søren, Østergaard, Gårding'],
    [tex`Weierstra{\ss}, M{\i}zrak, Sr{\dj}an, {\AE}sir, {\oe}uvre`, 'Weierstraß, Mızrak, Srđan, Æsir, œuvre'],
    [tex`formul\ae\ for`, 'formulæ for'],
  ],
  'quotes and apostrophes': [
    ["``superficial belief'' and `so'", '“superficial belief” and ‘so’'],
    ['``foo" and ``bar``', '“foo” and “bar”'],
    ["don't, d'Ancona's, users' data, GPT-4's", 'don’t, d’Ancona’s, users’ data, GPT-4’s'],
    ["a 'quoted' word", 'a ‘quoted’ word'],
    ["the ''a la Hoff'' framework", 'the “a la Hoff” framework'],
    ["f'(x), u''=0, the 3' end", "f'(x), u''=0, the 3' end"],
    ['"straight" stays', '"straight" stays'],
    [tex`called \"Attention\" here`, 'called "Attention" here'],
    [tex`\textquotedblleft so\textquotedblright\ and \enquote{so} and \lq so\rq`, '“so” and “so” and ‘so’'],
  ],
  'dashes and ties': [
    ['Cahn--Hilliard, pages 1--2, so---or so', 'Cahn–Hilliard, pages 1–2, so—or so'],
    ['a --> b, <!-- no, ----', 'a --> b, <!-- no, ----'],
    ['5~GHz, Fig.~2', '5\u00a0GHz, Fig.\u00a02'],
    ['takes ~5 ms, (~3x)', 'takes ~5 ms, (~3x)'],
    [tex`i.e.\ the, Phys.\ Rev.\@`, 'i.e. the, Phys. Rev.'],
    [tex`Schr\"o\-din\-ger`, 'Schrödinger'],
  ],
  'signs and symbols': [
    [tex`50\% of R\&D at foo\_bar \#1`, '50% of R&D at foo_bar #1'],
    [tex`the sets \{a, b\} and \{0,1\}`, 'the sets {a, b} and {0,1}'],
    [tex`\textcopyright{} 2020, MedPix\textsuperscript{\textregistered}, 5\texttimes`, '© 2020, MedPix®, 5×'],
    [tex`a\textendash b\textemdash c, x\ldots{}, d\textgreater{}1`, 'a–b—c, x…, d>1'],
    [tex`90\textdegree C and 45^\circ`, '90°C and 45°'],
    [tex`\alpha-helix, $p$ \leq 5, O(n \log n), \Lambda CDM`, 'α-helix, $p$ ≤ 5, O(n log n), Λ CDM'],
    [tex`m\textsuperscript{2}, CO\textsubscript{2}, the 5\textsuperscript{th}`, 'm², CO₂, the 5th'],
    [tex`typeset in \LaTeX{} and \TeX`, 'typeset in LaTeX and TeX'],
    [tex`\ding{182} first, \circled{2} second`, '❶ first, ② second'],
    [tex`\SI{20}{\percent}, \SI{5}{\kilo\meter}, \num{36000}`, '20\u00a0%, 5\u00a0km, 36000'],
  ],
  'font commands leave their text': [
    [tex`\textbf{Bold} and \emph{very {\bf so}} in \textsc{caps}`, 'Bold and very so in caps'],
    [tex`{\em a priori} {\it in situ} {\tt code} {\color{red}red}`, 'a priori in situ code red'],
    [tex`\textit{GammaTune+}, \mbox{non-local}, \text{so}, {\em{twice}}`, 'GammaTune+, non-local, so, twice'],
    [tex`\underline{P}ASC\underline{AL}`, 'PASCAL'],
    [tex`\textcolor{blue}{new}, \texorpdfstring{$\delta$}{delta}`, 'new, delta'],
    [tex`\begin{itemize} \item one \item two \end{itemize}`, '• one • two'],
  ],
  'links and citations': [
    [tex`at \url{https://example.org/~ada/a_b}`, 'at https://example.org/~ada/a_b'],
    [tex`\href{https://example.org/x\_y}{our page}`, 'our page (https://example.org/x_y)'],
    [tex`\href{https://example.org}{https://example.org}`, 'https://example.org'],
    [tex`\href{javascript:alert(1)}{harmless}`, 'harmless'],
    [tex`by \cite{BS} and \citep[Thm 2]{A, B}`, 'by [BS] and [A, B, Thm 2]'],
    ["https://example.org/~ada/a--b'c", "https://example.org/~ada/a--b'c"],
  ],
  'protective braces go, all others stay': [
    ['{GPT} and {B}ayesian {MCMC}', 'GPT and Bayesian MCMC'],
    ['{A}daptive {M}ask symmet{R}y', 'Adaptive Mask symmetRy'],
    ['{Deep Learning} for 5{,}000 {[}so{]}', 'Deep Learning for 5,000 [so]'],
    ['Schr{ö}dinger', 'Schrödinger'],
    [tex`\sqrt{a}, \sqrt{GPT}, \frac{A}{B}`, tex`\sqrt{a}, \sqrt{GPT}, \frac{A}{B}`],
    ['{0,1}, {a}, x^{N}, W_{T}, max{A}, {EXECUTE, ASK}', '{0,1}, {a}, x^{N}, W_{T}, max{A}, {EXECUTE, ASK}'],
    [tex`\method{} beats \ours{}; \ECUAS{Name}`, tex`\method{} beats \ours{}; \ECUAS{Name}`],
    [tex`the set \{GPT\}`, tex`the set \{GPT\}`],
  ],
  'maths is left as it came': [
    [tex`an $L^p$--$L^q$ estimate`, tex`an $L^p$–$L^q$ estimate`],
    [tex`$\'e \% -- {GPT} ~ "$`, tex`$\'e \% -- {GPT} ~ "$`],
    [tex`\(a--b\) \[c~d\] $$e'$$`, tex`\(a--b\) \[c~d\] $$e'$$`],
    [tex`\begin{equation}a--b\end{equation}`, tex`\begin{equation}a--b\end{equation}`],
    [tex`$x \text{ if $y$ is so--so}$`, tex`$x \text{ if $y$ is so--so}$`],
    ['$a\nb$', '$a b$'],
  ],
  'a dollar sign is not always maths': [
    ["costs $5 million, don't", 'costs $5 million, don’t'],
    ["from $5 million to $6 million--don't", 'from $5 million to $6 million–don’t'],
    ["$0.02-$0.24, don't", '$0.02-$0.24, don’t'],
    ["$5 million for $n$ users--don't", '$5 million for $n$ users–don’t'],
    [tex`cashtags \$TSLA and \$AAPL, \$5`, 'cashtags $TSLA and $AAPL, $5'],
    [tex`top-\$p\$ stays escaped`, tex`top-\$p\$ stays escaped`],
  ],
  'spaces and paragraphs': [
    ['  one\ntwo  three\n', 'one two three'],
    ['one\n  two', 'one\n\ntwo'],
    ['one\r\n\r\ntwo\tthree', 'one\n\ntwo three'],
    [tex`one\par two\\ three`, 'one\n\ntwo three'],
    ['a\u0000b\u000bc', 'a b c'],
  ],
  edges: [
    ['0', '0'],
    ['', ''],
    ['\\', '\\'],
    ['{', '{'],
    ['a } b', 'a } b'],
    ['$', '$'],
    ['x<y & z', 'x<y & z'],
    [tex`\begin{foo}x\end{foo}`, tex`\begin{foo}x\end{foo}`],
  ],
}

describe('texToText', () => {
  for (const [title, lines] of Object.entries(cases)) {
    test(title, () => {
      for (const [raw, display] of lines) assert.equal(texToText(raw), display, raw)
    })
  }

  test('converting again changes nothing, whatever the text', () => {
    const piece = fc.constantFrom(
      ...String.raw`\ { } $ $$ \$ \{ \} ~ -- - ' '' ${'` ``'} " ^ _ \' \" \'e \c c \v{ {\em \textbf{ \textbf \foo{ \foo[ ] \( \)
        \[ \] \\ \% \i \ss {GPT} {a} \begin{equation} \end{equation} \cite{ \href{ http:// \textsuperscript{ \item \par
        5 a B x^2 \alpha \ensuremath{ \textdollar \textbackslash \~{} é ö “ ” ’ ‘`.split(/\s+/),
      ' ',
      '\n',
      '\n ',
      '\u0301',
      '\u00a0',
    )
    const text = fc.array(piece, { maxLength: 24 }).map((pieces) => pieces.join(''))
    fc.assert(
      fc.property(fc.oneof(text, fc.string({ unit: 'binary' })), (raw) => {
        const display = texToText(raw)
        assert.equal(texToText(display), display)
      }),
      { numRuns: 3000 },
    )
  })

  test('hostile text of 100 kB takes no longer than its length justifies', () => {
    const units = [
      '\\',
      '{',
      '$',
      '${',
      '$\\text{$',
      "\\'{",
      '\\"',
      '\\v{',
      '{\\em ',
      '``',
      "'",
      " 'a",
      '\\(',
      '\\foo{',
      '\\{GPT',
    ]
    for (const unit of [
      ...units,
      '^\\circ',
      '\\cite{',
      '\\href{',
      '~http://',
      '--',
      '\n ',
      '$5 a $',
      '\\textsuperscript{',
    ]) {
      const half = unit.repeat(Math.ceil(50_000 / unit.length))
      for (const raw of [half + half, half + '}'.repeat(50_000)]) {
        const started = performance.now()
        texToText(raw)
        const spent = performance.now() - started
        // 130 ms at most on a quiet machine; quadratic behaviour takes many seconds.
        assert.ok(spent < 2000, `${JSON.stringify(unit)} took ${Math.round(spent)} ms`)
      }
    }
  })
})

test('texToLine keeps a wrapped title or author list on one line', () => {
  assert.equal(texToLine('A long\n  title of Erd\\H{o}s'), 'A long title of Erdős')
  assert.equal(texToLine('one\\par two'), 'one two')
})
