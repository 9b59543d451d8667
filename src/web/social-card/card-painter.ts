import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { initWasm, Resvg } from '@resvg/resvg-wasm'
import satori from 'satori'
import type { CardAsset } from './assets.ts'
import { groundShapes, wordsElement } from './card-elements.ts'
import { layOutWords } from './card-layout.ts'
import { type CardPicture, type CardSize, cardSizes } from './card-picture.ts'
import { inkOf, numberOf } from './tint.ts'
import { createTypeface } from './typeface.ts'

export type CardPainter = (picture: CardPicture, size: CardSize) => Promise<Uint8Array<ArrayBuffer>>

/** Loads fonts and engines, which takes half a second; once per thread, since resvg is a global of its module. */
export async function createCardPainter(assetsFolder: string): Promise<CardPainter> {
  const read = (name: CardAsset) => readFileSync(join(assetsFolder, name))
  await initWasm(read('resvg.wasm'))
  const [medium, semibold, standIn] = [
    read('newsreader-500.ttf'),
    read('newsreader-600.ttf'),
    read('noto-serif-400.ttf'),
  ]
  const faces = { title: createTypeface([semibold, standIn]), text: createTypeface([medium, standIn]) }
  const fonts = [
    { name: 'Newsreader', weight: 500 as const, data: medium },
    { name: 'Newsreader', weight: 600 as const, data: semibold },
    { name: 'Noto Serif', weight: 400 as const, data: standIn },
  ]
  return async (picture, size) => {
    const { width, height } = cardSizes[size]
    const words = layOutWords(picture, size, faces)
    const outlines = await satori(wordsElement(words, size) as never, { width, height, fonts })
    const ground = groundShapes(words, size, inkOf(picture.tint), numberOf(picture.title) % 30)
    // Into the drawing of satori rather than around it: resvg spends three times as long on one SVG within another.
    const start = outlines.indexOf('>') + 1
    return toPng(outlines.slice(0, start) + ground + outlines.slice(start))
  }
}

function toPng(svg: string): Uint8Array<ArrayBuffer> {
  const resvg = new Resvg(svg, { font: { loadSystemFonts: false } })
  const image = resvg.render()
  try {
    return new Uint8Array(image.asPng())
  } finally {
    // Memory of the engine is not collected by itself.
    image.free()
    resvg.free()
  }
}
