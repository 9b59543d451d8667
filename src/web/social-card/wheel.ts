/** A wheel, the sign of the paper round, as SVG shapes. `turn` is in degrees: each paper meets it in another position. */
export function wheel(x: number, y: number, radius: number, turn: number): string {
  const ring = (share: number, width: number) =>
    `<circle cx="${x}" cy="${y}" r="${radius * share}" fill="none" stroke-width="${radius * width}"/>`
  const spokes = Array.from({ length: 12 }, (_, index) => {
    const angle = ((turn + index * 30) * Math.PI) / 180
    const at = (share: number) =>
      `${(x + Math.cos(angle) * radius * share).toFixed(1)} ${(y + Math.sin(angle) * radius * share).toFixed(1)}`
    return `M${at(0.14)}L${at(0.86)}`
  })
  return `${ring(0.94, 0.12)}${ring(0.8, 0.02)}${ring(0.11, 0.06)}<path d="${spokes.join('')}" stroke-width="${radius * 0.022}"/>`
}
