/** What we use of Temml's tree nodes: fragments and text have no style. */
export type MathTreeNode = {
  type?: string
  attributes?: Record<string, unknown>
  classes?: string[]
  style?: Record<string, string>
  children?: MathTreeNode[]
  toMarkup(): string
}

/** Temml's class names that mean something in `math.css`, and ours for them. */
const kept: Record<string, string> = {
  'tml-display': 'tx-display',
  'tml-left': 'tx-left',
  'tml-right': 'tx-right',
  'tml-overline': 'tx-over',
  'tml-underline': 'tx-under',
  'tml-cancel': 'tx-cancel',
  'tml-tag': 'tx-tag',
  upstrike: 'tx-up',
  downstrike: 'tx-down',
}

const plainAttributes = new Set(
  `accent accentunder columnalign columnlines columnspacing depth display displaystyle fence form height lspace rspace
  linethickness mathvariant maxsize minsize movablelimits notation rowspacing scriptlevel separator stretchy symmetric
  voffset width rowspan columnspan largeop`.split(/\s+/),
)

/** Replaces inline styles, which our content security policy forbids, by classes of `math.css`, in the whole tree. */
export function dressNode(node: MathTreeNode): void {
  if (node.attributes) dropAttributes(node.attributes)
  if (node.classes || node.style) {
    const classes = (node.classes ?? []).flatMap((name) => kept[name] ?? [])
    node.classes = [...classes, ...styleClasses(node.style ?? {})]
    node.style = {}
  }
  for (const child of node.children ?? []) dressNode(child)
}

function dropAttributes(attributes: Record<string, unknown>): void {
  for (const name of Object.keys(attributes)) if (!plainAttributes.has(name)) delete attributes[name]
}

function styleClasses(style: Record<string, string>): string[] {
  const classes: string[] = []
  const { paddingLeft, paddingRight, border, textAlign, fontWeight } = style
  if (paddingLeft !== undefined) classes.push(Number.parseFloat(paddingLeft) > 0 ? 'tx-pad-l' : 'tx-flush-l')
  if (paddingRight !== undefined) classes.push(Number.parseFloat(paddingRight) > 0 ? 'tx-pad-r' : 'tx-flush-r')
  for (const [side, name] of borders) if (style[side]) classes.push(name)
  if (border) classes.push('tx-box')
  if (textAlign === 'left' || textAlign === 'right') classes.push(`tx-${textAlign}`)
  if (fontWeight === 'bold') classes.push('tx-bold')
  return classes
}

const borders = [
  ['borderTop', 'tx-line-t'],
  ['borderBottom', 'tx-line-b'],
  ['borderLeft', 'tx-line-l'],
  ['borderRight', 'tx-line-r'],
] as const
