import { symbolTable } from './symbol-table.ts'

/** Letters and signs after which TeX swallows the blank, so that `S\o ren` is Søren. */
export const letterCommands = symbolTable(`
  l ł L Ł o ø O Ø ss ß SS ẞ ae æ AE Æ oe œ OE Œ aa å AA Å i ı j ȷ dh ð DH Ð th þ TH Þ dj đ DJ Đ ng ŋ NG Ŋ ij ĳ IJ Ĳ
  textendash – textemdash — textquotedblleft “ textquoteleft ‘ lq ‘ quotedblbase „ quotesinglbase ‚ guillemotleft «
  textdegree ° degree ° textordmasculine º textordfeminine ª textonehalf ½ textonequarter ¼ textthreequarters ¾
  textexclamdown ¡ textquestiondown ¿ textdollar $ pounds £ textsterling £ texteuro € euro € textyen ¥ textasciitilde ∼
  textless < textgreater > textbar | textunderscore _ textasciicircum ^ slash / textmu µ textmicro µ`)

/** Signs that usually end a word; the blank after them is meant. */
export const signCommands = symbolTable(`
  copyright © textcopyright © textregistered ® texttrademark ™ dag † ddag ‡ textdagger † textdaggerdbl ‡
  textquotedblright ” textquoteright ’ rq ’ textquotesingle ' textquotedbl " guillemotright » textsection §
  textparagraph ¶ textbullet • textperiodcentered · textellipsis … ldots … dots … dotsc … textpm ± texttimes ×
  textperthousand ‰ textpertenthousand ‱ and · sep · textdiv ÷ textrightarrow → textleftarrow ← textuparrow ↑ textdownarrow ↓ textsuperiorone ¹ textsuperiortwo ²
  TeX TeX LaTeX LaTeX LaTeXe LaTeX2ε BibTeX BibTeX XeTeX XeTeX checkmark ✓ cmark ✓ xmark ✗ percent %
  ie i.e. eg e.g. wrt w.r.t. etc etc. vs vs.`)
signCommands.set('etal', 'et al.')

/** Commands that only style their one argument. */
export const fontCommands = new Set(
  `textbf emph textit texttt textsc textsf textrm textsl textup textmd textnormal text mbox hbox fbox underline uline
  emphasis uppercase MakeUppercase centerline mathrm boldsymbol`.split(/\s+/),
)

/** Commands of packages whose braced argument is the text itself; without braces they are somebody's own. */
export const wrappers = new Set(
  `num ac acp acs acf acl gls Gls glspl acrshort acrlong acrfull nolinkurl path sout hyperlink ce hl ul lowercase
  MakeLowercase pmb subsection section paragraph keywords title`.split(/\s+/),
)

/** Commands that only change how what follows looks, in a group or until the end. */
export const switches = new Set(
  `em bf it tt sc sl rm sf bfseries itshape ttfamily scshape slshape rmfamily sffamily upshape mdseries normalfont
  tiny scriptsize footnotesize small normalsize large Large LARGE huge Huge boldmath unboldmath centering raggedright
  protect selectfont normalcolor`.split(/\s+/),
)

/** Commands that leave nothing but perhaps a blank. */
export const blanks = new Set(
  `noindent xspace nobreakdash smallskip medskip bigskip hfill hfil hss newline linebreak newpage quad qquad enspace thinspace
  indent maketitle vfill displaystyle textstyle allowbreak nobreak null relax`.split(/\s+/),
)

/** Citations become their keys in brackets, as LaTeX would print them. */
export const citations = new Set('cite citep citet citealp citealt parencite textcite autocite citeauthor'.split(' '))
