import { copyFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

/** Files that drawing needs, by the name they have in the assets folder: where the build and the tests take them from. */
export const cardAssets = {
  'newsreader-500.ttf': '@expo-google-fonts/newsreader/500Medium/Newsreader_500Medium.ttf',
  'newsreader-600.ttf': '@expo-google-fonts/newsreader/600SemiBold/Newsreader_600SemiBold.ttf',
  'noto-serif-400.ttf': '@expo-google-fonts/noto-serif/400Regular/NotoSerif_400Regular.ttf',
  'resvg.wasm': '@resvg/resvg-wasm/index_bg.wasm',
} as const

export type CardAsset = keyof typeof cardAssets

/** Copies the files from the installed packages, which the built program does not need any more. */
export function copyCardAssets(folder: string): void {
  const { resolve } = createRequire(import.meta.url)
  for (const [name, specifier] of Object.entries(cardAssets)) copyFileSync(resolve(specifier), join(folder, name))
}
