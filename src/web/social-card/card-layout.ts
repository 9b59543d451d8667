import { authorsLine } from './authors-line.ts'
import { type CardPicture, type CardSize, cardSizes } from './card-picture.ts'
import { displayable } from './displayable.ts'
import { ellipsize, type FittedTitle, fitTitle } from './fit-title.ts'
import type { Typeface } from './typeface.ts'

/** Pixels. The list card is no smaller share card: it says less, in letters that survive 200 pixels. */
export type Measures = {
  margin: number
  band: number
  small: number
  /** A list is inside the site: its cards show the mark and not the name again. */
  namesSite: boolean
  authors: number
  title: { sizes: readonly number[]; lineHeight: number; maxLines: number; top: number; bottom: number }
}

export const measures: Record<CardSize, Measures> = {
  share: {
    margin: 72,
    band: 84,
    small: 32,
    namesSite: true,
    authors: 36,
    title: { sizes: [112, 100, 90, 82, 76, 70, 65, 60, 56], lineHeight: 1.12, maxLines: 5, top: 44, bottom: 128 },
  },
  list: {
    margin: 22,
    band: 40,
    small: 20,
    namesSite: false,
    authors: 20,
    title: { sizes: [54, 50, 46, 42, 39, 36, 33, 31, 29, 27], lineHeight: 1.1, maxLines: 5, top: 16, bottom: 46 },
  },
}

/** The mark in the band, in pixels square. */
export const markSize = (size: CardSize) => measures[size].small * 1.4

/** The typefaces of a card. */
export type Faces = { title: Typeface; text: Typeface }

/** The words of a card as they will be drawn: cleaned, cut and fitted. */
export type CardWords = { title: FittedTitle | undefined; authors: string; kicker: string; site: string }

const MAX_TITLE = 400
const MAX_NAME = 120
/** More names are not looked at for one that can be drawn. */
const MAX_NAMES_READ = 20

/** Decides every word and size of a card. A title of which nothing can be drawn is undefined. */
export function layOutWords(picture: CardPicture, size: CardSize, faces: Faces): CardWords {
  const { width, height } = cardSizes[size]
  const { margin, band, small, namesSite, authors, title } = measures[size]
  const inside = width - 2 * margin
  const clean = (text: string, max: number, face = faces.text) => displayable(text, face.has, max)
  const within = (letter: number, room: number) => (text: string) => faces.text.width(text, letter) <= room
  const titleText = clean(picture.title, MAX_TITLE, faces.title)
  const names = picture.authors.map((name, index) => (index < MAX_NAMES_READ ? clean(name, MAX_NAME) : ''))
  const kicker = ellipsize(clean(picture.kicker, MAX_NAME), within(small, inside * (namesSite ? 0.6 : 0.85)))
  const siteRoom = inside - faces.text.width(kicker, small) - markSize(size) - 2 * small
  return {
    title: titleText
      ? fitTitle(titleText, faces.title, { ...title, width: inside, height: height - band - title.top - title.bottom })
      : undefined,
    authors: authorsLine(names, within(authors, inside)),
    kicker,
    site: namesSite ? ellipsize(clean(picture.site, MAX_NAME), within(small, siteRoom)) : '',
  }
}
