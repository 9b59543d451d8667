import { createHash } from 'node:crypto'
import type { CardPicture, CardSize } from './card-picture.ts'

/** Count up whenever cards look different: cached pictures of older designs are then drawn anew. */
const DESIGN_VERSION = 1

/** The name of a picture in the cache: the same for the same words, size and design. */
export function pictureKey(picture: CardPicture, size: CardSize): string {
  const { title, authors, kicker, site, tint } = picture
  const words = JSON.stringify([DESIGN_VERSION, size, title, authors, kicker, site, tint])
  return createHash('sha256').update(words).digest('hex').slice(0, 40)
}
