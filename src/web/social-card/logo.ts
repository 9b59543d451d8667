/** The mark: a folded newspaper before the wheel that brings it. Drawn in one colour; the gaps let the ground through. */
export function logoSvg(color: string): string {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="32" height="32" fill="${color}" aria-hidden="true">` +
    `${logoShapes}</svg>`
  )
}

/**
 * The shapes alone, in a square of 32, for drawings that hold the mark. They take the fill of what is around them.
 * Edges lie on even numbers, so that 16 pixels draw them sharp.
 */
export const logoShapes =
  // The tyre, open where the paper is, with its spokes and hub.
  '<path d="M29.7 18A15 15 0 1 0 12 29.7V26.62A12 12 0 1 1 26.62 18z"/>' +
  '<path d="M14 2h2v10a3 3 0 0 1 2 2h10v2H2v-2h10a3 3 0 0 1 2-2z"/>' +
  '<path d="M5.5 6.7l1.2-1.2 7.5 7.5-1.2 1.2zM24.5 6.7l-1.2-1.2-7.5 7.5 1.2 1.2zM5.5 23.3l6.5-6.5v2.4l-5.3 5.3z"/>' +
  // The front page with its lines, and the fold behind it.
  '<path fill-rule="evenodd" d="M14 18h14v14H16a2 2 0 0 1-2-2zM16 22v2h10v-2zM16 26v2h10v-2z"/>' +
  '<path d="M30 22h2v8a2 2 0 0 1-2 2z"/>'
