/** What a card says. Texts are plain display text, mathematics included; nothing of it is trusted to be drawable. */
export type CardPicture = {
  title: string
  /** In order. An empty name still counts in "and N more". */
  authors: string[]
  /** The small line above the title, such as "cs.LG · 2 March 2026". */
  kicker: string
  /** The name of the instance. */
  site: string
  /** Any key, usually the first category; the same key always has the same colour. */
  tint: string
}

/** `share` is what link previews ask for; `list` has larger letters and stays readable at 200 pixels. */
export type CardSize = 'list' | 'share'

/** In pixels. */
export const cardSizes = { share: { width: 1200, height: 630 }, list: { width: 480, height: 252 } } as const
