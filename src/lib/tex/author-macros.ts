import { symbolTable } from './symbol-table.ts'

/**
 * Commands that authors define for themselves and leave in abstracts, with the meaning nearly all of them intend; and a
 * few of LaTeX's own that Temml does not have. As Temml macros; `#1` is the argument.
 */
export const authorMacros: Record<string, string> = {
  ...Object.fromEntries([
    ...symbolTable(`
  \\eps \\varepsilon \\veps \\varepsilon \\ep \\epsilon \\vphi \\varphi \\vp \\varphi \\lam \\lambda \\al \\alpha \\om \\omega \\Om \\Omega
  \\la \\lambda \\si \\sigma \\ga \\gamma \\de \\delta \\De \\Delta \\Lam \\Lambda \\pa \\partial \\lap \\Delta \\grad \\nabla
  \\E \\mathbb{E} \\F \\mathbb{F} \\K \\mathbb{K} \\T \\mathbb{T} \\RR \\mathbb{R} \\NN \\mathbb{N} \\ZZ \\mathbb{Z} \\CC \\mathbb{C} \\QQ \\mathbb{Q}
  \\EE \\mathbb{E} \\HH \\mathbb{H} \\SS \\mathbb{S} \\bbH \\mathbb{H} \\weakto \\rightharpoonup \\FF \\mathbb{F} \\PP \\mathbb{P} \\TT \\mathbb{T} \\bbR \\mathbb{R} \\bbN \\mathbb{N} \\bbZ \\mathbb{Z} \\bbC \\mathbb{C}
  \\bR \\mathbb{R} \\IR \\mathbb{R} \\Rn \\mathbb{R}^n \\Rd \\mathbb{R}^d
  \\cA \\mathcal{A} \\cB \\mathcal{B} \\cC \\mathcal{C} \\cD \\mathcal{D} \\cF \\mathcal{F} \\cG \\mathcal{G} \\cH \\mathcal{H} \\cL \\mathcal{L}
  \\cM \\mathcal{M} \\cN \\mathcal{N} \\cO \\mathcal{O} \\cP \\mathcal{P} \\cS \\mathcal{S} \\cT \\mathcal{T} \\cX \\mathcal{X} \\cY \\mathcal{Y}
  \\calA \\mathcal{A} \\calC \\mathcal{C} \\calF \\mathcal{F} \\calH \\mathcal{H} \\calL \\mathcal{L} \\calM \\mathcal{M} \\calO \\mathcal{O}
  \\Q \\mathbb{Q} \\C \\mathbb{C} \\P \\mathbb{P} \\D \\mathbb{D} \\Real \\mathbb{R} \\Reals \\mathbb{R} \\reals \\mathbb{R} \\real \\mathbb{R} \\rr \\mathbb{R}
  \\Rset \\mathbb{R} \\BBR \\mathbb{R} \\bbr \\mathbb{R} \\mbR \\mathbb{R} \\bfR \\mathbf{R} \\ren \\mathbb{R}^n \\rn \\mathbb{R}^n \\RN \\mathbb{R}^N
  \\loc \\mathrm{loc} \\ve \\varepsilon \\vt \\vartheta \\teta \\theta \\te \\theta \\La \\Lambda \\gb \\beta \\gl \\lambda \\pd \\partial \\prt \\partial
  \\ti \\tilde \\Tilde \\tilde \\Hat \\hat \\Bar \\bar \\ds \\displaystyle \\fr \\frac \\hfill {} \\hfil {} \\noindent {} \\medskip {} \\smallskip {}
  \\textless < \\textgreater > \\aligned \\begin{aligned} \\endaligned \\end{aligned} \\na \\nabla \\dif \\mathrm{d}
  \\ls \\leqslant \\gs \\geqslant \\nn \\nonumber \\xspace {} \\nolinebreak {} \\allowbreak {} \\/ {}
  \\degree {}^{\\circ} \\textdegree {}^{\\circ} \\micro \\mu \\bbone \\mathbb{1} \\indic \\mathbb{1} \\boldmath {}`),
  ]),
  ...Object.fromEntries(
    'dist Div supp sgn sign diag rank Tr tr Cov Var dom Lip osc diam vol Vol curl rot conv cl spt polylog poly sech csch Id id'
      .split(' ')
      .map((name) => [`\\${name}`, `\\operatorname{${name}}`]),
  ),
  '\\mbox': '\\text{#1}',
  '\\hbox': '\\text{#1}',
  '\\textnormal': '\\text{#1}',
  '\\mathds': '\\mathbb{#1}',
  '\\mathbbm': '\\mathbb{#1}',
  '\\Bbb': '\\mathbb{#1}',
  '\\nicefrac': '{#1}/{#2}',
  '\\norm': '\\left\\lVert#1\\right\\rVert',
  '\\abs': '\\left\\lvert#1\\right\\rvert',
  '\\set': '\\left\\{#1\\right\\}',
  '\\paren': '\\left(#1\\right)',
  '\\inner': '\\left\\langle#1,#2\\right\\rangle',
  '\\bold': '\\mathbf{#1}',
  '\\bb': '\\mathbb{#1}',
  '\\mb': '\\mathbf{#1}',
  '\\mf': '\\mathfrak{#1}',
  '\\mc': '\\mathcal{#1}',
  '\\emph': '\\textit{#1}',
  '\\textsc': '\\text{#1}',
  '\\ensuremath': '#1',
  '\\num': '#1',
  '\\SI': '#1\\,\\mathrm{#2}',
  '\\si': '\\mathrm{#1}',
  '\\textsuperscript': '{}^{\\text{#1}}',
  '\\textsubscript': '{}_{\\text{#1}}',
}
