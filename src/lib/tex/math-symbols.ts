import { symbolTable } from './symbol-table.ts'

const pairs = `
alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ lambda λ mu μ nu ν
xi ξ pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω
Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω
ell ℓ hbar ℏ Re ℜ Im ℑ aleph ℵ wp ℘ imath ı jmath ȷ partial ∂ nabla ∇ infty ∞ emptyset ∅ varnothing ∅ prime ′
forall ∀ exists ∃ nexists ∄ neg ¬ lnot ¬ top ⊤ bot ⊥ angle ∠ triangle △ Box □ square □ blacksquare ■ Diamond ◇
star ⋆ bigstar ★ ast ∗ dagger † ddagger ‡ bullet • circ ∘ cdot · odot ⊙ ominus ⊖ sharp ♯ flat ♭ natural ♮
clubsuit ♣ diamondsuit ♢ heartsuit ♡ spadesuit ♠ checkmark ✓ mho ℧ eth ð complement ∁ surd √ S § P ¶
ldots … dots … cdots ⋯ vdots ⋮ ddots ⋱ dotsc … dotsb ⋯
sum ∑ prod ∏ coprod ∐ int ∫ iint ∬ iiint ∭ oint ∮ bigcup ⋃ bigcap ⋂ bigoplus ⨁ bigotimes ⨂ bigvee ⋁ bigwedge ⋀ bigsqcup ⨆
lbrace { rbrace } langle ⟨ rangle ⟩ lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ vert | Vert ‖ lvert | rvert | lVert ‖ rVert ‖
lbrack [ rbrack ] backslash \\ degree °`

const spacedPairs = `
times × div ÷ pm ± mp ∓ ltimes ⋉ rtimes ⋊ otimes ⊗ oplus ⊕ wedge ∧ vee ∨ land ∧ lor ∨ cap ∩ cup ∪ sqcup ⊔ sqcap ⊓ uplus ⊎
setminus ∖ smallsetminus ∖ wr ≀ amalg ⨿ boxtimes ⊠ boxplus ⊞ bowtie ⋈
leq ≤ le ≤ leqslant ≤ geq ≥ ge ≥ geqslant ≥ neq ≠ ne ≠ ll ≪ gg ≫ lll ⋘ ggg ⋙ lesssim ≲ gtrsim ≳ approx ≈ approxeq ≊
sim ∼ simeq ≃ cong ≅ equiv ≡ propto ∝ asymp ≍ doteq ≐ coloneqq ≔ triangleq ≜ prec ≺ succ ≻ preceq ⪯ succeq ⪰
in ∈ notin ∉ ni ∋ subset ⊂ supset ⊃ subseteq ⊆ supseteq ⊇ subsetneq ⊊ supsetneq ⊋ nsubseteq ⊈ sqsubseteq ⊑ sqsupseteq ⊒
mid ∣ nmid ∤ parallel ∥ perp ⊥ models ⊨ vdash ⊢ dashv ⊣ vDash ⊨ lessgtr ≶ gtrapprox ⪆ lessapprox ⪅ leqq ≦ geqq ≧
to → rightarrow → leftarrow ← gets ← leftrightarrow ↔ Rightarrow ⇒ Leftarrow ⇐ Leftrightarrow ⇔ implies ⟹ impliedby ⟸
iff ⟺ mapsto ↦ longmapsto ⟼ longrightarrow ⟶ longleftarrow ⟵ Longrightarrow ⟹ hookrightarrow ↪ hookleftarrow ↩ uparrow ↑
downarrow ↓ updownarrow ↕ Uparrow ⇑ Downarrow ⇓ nearrow ↗ searrow ↘ twoheadrightarrow ↠ rightleftharpoons ⇌
rightharpoonup ⇀ leadsto ⇝ rightsquigarrow ⇝ nrightarrow ↛ upharpoonright ↾ trianglelefteq ⊴ lhd ⊲ rhd ⊳ vartriangleleft ⊲`

/** Maths commands that are one character: letters, big operators, signs. */
export const mathSymbols = symbolTable(pairs)

/** Binary operators, relations and arrows: they stand between blanks in plain text. */
export const mathRelations = symbolTable(spacedPairs)

/** Functions set upright, such as `\log`; their name is their text. */
export const functionNames = new Set(
  `log ln lg exp sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan min max sup inf lim limsup liminf det dim
  ker deg gcd arg hom Pr argmax argmin Tr tr diag rank sign sgn poly polylog div curl Var Cov KL supp span`.split(
    /\s+/,
  ),
)

/** Left alone outside maths, because authors also use these names for commands of their own. */
const ambiguous = new Set(
  'S P top bot star square triangle angle ni mid sharp flat lbrace rbrace lbrack rbrack backslash Box Re Im eth'.split(
    ' ',
  ),
)
const bareFunctions = new Set(
  'log ln exp sin cos tan sinh cosh tanh min max sup inf lim limsup liminf det dim'.split(' '),
)

/** What `\alpha`, `\leq` or `\log` means in running text without dollar signs, or undefined. */
export function bareSymbol(name: string): string | undefined {
  if (ambiguous.has(name)) return undefined
  if (name === 'deg') return '°'
  return mathSymbols.get(name) ?? mathRelations.get(name) ?? (bareFunctions.has(name) ? name : undefined)
}
