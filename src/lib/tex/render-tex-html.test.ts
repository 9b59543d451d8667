import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fc } from '../../../tests/property.ts'
import { renderTexHtml } from './render-tex-html.ts'
import { renderTexParagraphs } from './render-tex-paragraphs.ts'

const tex = String.raw

test('text is escaped, also around maths and in attributes', () => {
  assert.equal(renderTexHtml('a <b> & "c" \'d\''), 'a &lt;b&gt; &amp; &quot;c&quot; ‘d’')
  assert.match(renderTexHtml('<i>$x<y$'), /^&lt;i&gt;<math>.*<mo>&lt;<\/mo>.*<\/math>$/)
  assert.equal(renderTexHtml('0'), '0')
})

test('accents are converted and maths becomes MathML with real letters', () => {
  const html = renderTexHtml(tex`Erd\H{o}s on $\mathbb{R}^n$`)
  assert.match(html, /^Erdős on <math>.*ℝ.*<\/math>$/)
})

test('raw and display form render alike', () => {
  const raw = tex`Schr\"odinger on \{a, b\} at \$5 for $x^2$ and {GPT}`
  const display = 'Schrödinger on {a, b} at $5 for $x^2$ and GPT'
  assert.equal(renderTexHtml(raw), renderTexHtml(display))
})

test('signs that display form keeps escaped lose their backslash', () => {
  assert.equal(renderTexHtml(tex`top-\$p\$ of \{GPT\}`), 'top-$p$ of {GPT}')
})

test('no inline style survives; alignment and rules become classes', () => {
  const sources = [
    tex`\begin{cases} a & b \\ c & d \end{cases}`,
    tex`\begin{aligned} a &= b \\ c &= d \end{aligned}`,
    tex`\begin{array}{l|r} a & b \\ \hline c & d \end{array}`,
    tex`\color{red} x \boxed{y} \cancel{z} \hat{f} \widetilde{abc} \underbrace{x}_{y} \raisebox{1pt}{x} \textbf{a}`,
    tex`\colorbox{red}{x} \fcolorbox{red}{blue}{x} \overline{x} \underline{x} \kern1em \tag{1}`,
  ]
  const html = sources.map((source) => renderTexHtml(`$$${source}$$`)).join('')
  assert.doesNotMatch(html, /\sstyle\s*=/)
  assert.doesNotMatch(html, /<code/)
  for (const name of ['tx-display', 'tx-left', 'tx-right', 'tx-flush-l', 'tx-line-r', 'tx-line-b', 'tx-over']) {
    assert.ok(html.includes(name), name)
  }
  for (const [, names] of html.matchAll(/class="([^"]*)"/g)) assert.match(names!, /^(?:tx-[a-z-]+ ?)+$/)
})

test('broken, forbidden and hostile maths shows its source and nothing else', () => {
  for (const source of [
    tex`$\frac{$`,
    tex`$\nosuchcommand{x}$`,
    tex`$\href{javascript:alert(1)}{x}$`,
    tex`$\includegraphics{https://example.org/x.png}$`,
    tex`$\def\a{\a\a}\a$`,
    tex`$\htmlStyle{color:red}{x}$`,
    tex`$\class{evil}{x}$`,
  ]) {
    const html = renderTexHtml(source)
    assert.match(html, /^<code class="tex">[^<]*<\/code>$/, source)
    assert.doesNotMatch(html, /<img|<a |<script/)
  }
  assert.equal(renderTexHtml('$\\frac{<b>$'), '<code class="tex">$\\frac{&lt;b&gt;$</code>')
})

test('a definition in one text does not reach another', () => {
  renderTexHtml(tex`$\gdef\leaked{evil}\leaked$`)
  assert.equal(renderTexHtml(tex`$\leaked$`), tex`<code class="tex">$\leaked$</code>`)
})

test('sizes are bounded', () => {
  const html = renderTexHtml(tex`$\rule{9999em}{9999em}\hspace{9999em}$`)
  for (const [, size] of html.matchAll(/="(\d+(?:\.\d+)?)em"/g)) assert.ok(Number(size) <= 20, size)
})

test('commands that authors left behind are understood', () => {
  for (const source of [
    tex`x\in\R^d, \RR, \N`,
    tex`\norm{u} \leq \eps \abs{v}`,
    tex`u=0 \quad\mbox{in $\Omega$}`,
    tex`\begin{eqnarray*} a &=& b \\ c &=& d \end{eqnarray*}`,
    tex`x\_{k+1}, 50%, \label{a} \unicode{x2013} \mathds{1}, \dist(x,y)`,
  ]) {
    assert.doesNotMatch(renderTexHtml(`$$${source}$$`), /<code/, source)
  }
})

test('whatever comes, the result has no style, script, image or handler', () => {
  const piece = fc.constantFrom(
    ...tex`$ $$ \( \) { } \frac \href{javascript:x} \color{red} \hline & \\ \begin{array}{l|r} \end{array} <img \text{
      onerror= style="x" \style \class{a} \tag{1} ^ _ \left( \right) \over \sqrt x " ' \mathbb{R} \cancel{x} https://x.y`.split(
      /\s+/,
    ),
    ' ',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 16 }), (pieces) => {
      const text = pieces.join('')
      for (const html of [renderTexHtml(text), renderTexParagraphs(text)]) {
        for (const [tag] of html.matchAll(/<[^>]*>/g)) {
          assert.match(tag, /^<\/?(?:math|m[a-z]+|p|a|code)(?: [a-z]+="[^"<>]*")*>$/)
          assert.doesNotMatch(tag, / (?:style|on[a-z]+|id|src)=|javascript/)
        }
      }
    }),
    { numRuns: 1500 },
  )
})

test('paragraphs are wrapped, and only there addresses are linked', () => {
  assert.equal(renderTexParagraphs('one\n  two'), '<p>one</p><p>two</p>')
  assert.equal(renderTexParagraphs(''), '')
  assert.doesNotMatch(renderTexHtml('see https://example.org'), /<a/)
})

test('an address ends where the sentence goes on', () => {
  const link = (address: string) => `<a rel="nofollow ugc" href="${address}">${address}</a>`
  const cases: [string, string][] = [
    ['at https://example.org/a.', `<p>at ${link('https://example.org/a')}.</p>`],
    ['(https://example.org/a_(b))', `<p>(${link('https://example.org/a_(b)')})</p>`],
    ['https://example.org/?a=1&b=2, so', `<p>${link('https://example.org/?a=1&amp;b=2')}, so</p>`],
    ['“https://example.org/~ada”', `<p>“${link('https://example.org/~ada')}”</p>`],
    [tex`\url{https://example.org/a\_b}!`, `<p>${link('https://example.org/a_b')}!</p>`],
    ['javascript:alert(1) https://', '<p>javascript:alert(1) https://</p>'],
  ]
  for (const [text, html] of cases) assert.equal(renderTexParagraphs(text), html)
})

test('a mention of another arXiv paper leads to its page here', () => {
  assert.equal(
    renderTexParagraphs('see arXiv:2401.00001v2 and arXiv:math/0601001.'),
    '<p>see <a href="/papers/2401.00001">arXiv:2401.00001v2</a> and <a href="/papers/math/0601001">arXiv:math/0601001</a>.</p>',
  )
})
