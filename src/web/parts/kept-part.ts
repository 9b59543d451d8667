import { raw } from 'hono/html'

/**
 * Keeps the HTML of a part that is the same on page after page. `key` says everything the part depends on, and takes few
 * values: kept parts are never dropped.
 */
export function createKeptPart<Args extends unknown[]>(
  key: (...args: Args) => string,
  render: (...args: Args) => unknown,
) {
  const kept = new Map<string, string>()
  return (...args: Args) => {
    const name = key(...args)
    let html = kept.get(name)
    if (html === undefined) {
      html = narrowHtml(String(render(...args)))
      kept.set(name, html)
    }
    return raw(html)
  }
}

/**
 * The same HTML with every character beyond Latin-1 as a reference. One typographic quote would make the text of the
 * whole page two bytes a character, and sending it four times as expensive. Not for the inside of scripts.
 */
export function narrowHtml(html: string): string {
  return html.replace(/[\u{100}-\u{10ffff}]/gu, (character) => `&#${character.codePointAt(0)};`)
}
