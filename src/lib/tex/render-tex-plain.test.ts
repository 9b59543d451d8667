import assert from 'node:assert/strict'
import { test } from 'node:test'
import { renderTexPlain } from './render-tex-plain.ts'

const tex = String.raw

const formulas: [string, string][] = [
  [tex`x^2+y_1 \leq \frac{a}{b}`, 'x²+y₁ ≤ a/b'],
  [tex`\frac12x`, '(1/2)x'],
  [tex`x\tfrac{1}{2}`, 'x(1/2)'],
  [tex`\left(\frac{a+b}{2}\right)`, '((a+b)/2)'],
  [tex`\sqrt{x+1}, \sqrt{x}, \sqrt[3]{2}`, '√(x+1), √x, ∛2'],
  [tex`\mathbb{R}^n \to \mathbb{R}`, 'ℝⁿ → ℝ'],
  [tex`O(n\log n)`, 'O(n log n)'],
  [tex`\mathcal{O}(n^{3/2})`, '𝒪(n^(3/2))'],
  [tex`\tilde{O}(n^{1-\epsilon})`, 'Õ(n^(1-ϵ))'],
  [tex`10^{-3}`, '10⁻³'],
  [tex`90^\circ`, '90°'],
  [tex`e^{i\pi}`, 'e^(iπ)'],
  [tex`\alpha\beta`, 'αβ'],
  [tex`\ell_1, \ell_\infty`, 'ℓ₁, ℓ_∞'],
  [tex`x_{\text{max}}, x_{i,j}`, 'x_max, x_(i,j)'],
  [tex`\{0,1\}^n`, '{0,1}ⁿ'],
  [tex`\|x\|_2 \ne 0`, '‖x‖₂ ≠ 0'],
  [tex`f'(x)`, 'f′(x)'],
  [tex`\sum_{i=1}^n x_i`, '∑_(i=1)ⁿ x_i'],
  [tex`p \equiv 1 \pmod 4`, 'p ≡ 1 (mod 4)'],
  [tex`\R^d`, 'ℝ^d'],
  [tex`10\,\mathrm{km}`, '10 km'],
  [tex`x \not\in A`, 'x ∉ A'],
  [tex`\operatorname{rank}(A)`, 'rank(A)'],
]

test('simple maths reads as a line of Unicode', () => {
  for (const [source, plain] of formulas) assert.equal(renderTexPlain(`$${source}$`), plain, source)
})

test('maths that a line cannot show stays as its source, whole and without dollar signs', () => {
  for (const source of [
    tex`\begin{matrix}a & b\end{matrix}`,
    tex`\nosuchcommand{x^2}`,
    tex`\hat{abc}`,
    tex`\frac{a}{`,
    tex`x_`.repeat(200),
  ]) {
    assert.equal(renderTexPlain(`so $$${source}$$`), `so ${source}`)
  }
})

test('text around maths is converted, not escaped', () => {
  assert.equal(
    renderTexPlain(tex`The $k$-means of Erd\H{o}s: $x<y$ \& {GPT} at \$5`),
    'The k-means of Erdős: x<y & GPT at $5',
  )
  assert.equal(renderTexPlain('one\n  two'), 'one\n\ntwo')
  assert.equal(renderTexPlain('0'), '0')
})
