import { fileURLToPath } from 'node:url'
import type { CardPicture, CardSize } from './card-picture.ts'
import { createDrawingThread } from './drawing-thread.ts'
import { createPictureCache } from './picture-cache.ts'
import { pictureKey } from './picture-key.ts'

export type SocialCards = AsyncDisposable & {
  /**
   * The card as a PNG file, from the cache or drawn now. Texts of any kind are drawn as far as the typefaces go.
   * Rejects with `unavailable` when too many wait, when the drawing thread fails, and after closing.
   */
  png(picture: CardPicture, size: CardSize): Promise<Uint8Array<ArrayBuffer>>
}

export type SocialCardsOptions = {
  /** Where the files of `cardAssets` are. */
  assetsFolder: URL | string
  /** Made when needed. Whatever is in it may be removed at any time. */
  cacheFolder: string
  /** The built or the source file of `worker.ts`. */
  workerUrl: URL
  /** 500 MB unless told: about 6,000 share cards, or 16,000 list cards. */
  maxCacheBytes?: number
  /** 200 unless told; orders beyond are refused. */
  maxWaiting?: number
  /** 15 seconds unless told. */
  idleMs?: number
  /** 20 seconds unless told. */
  timeoutMs?: number
  /** Told why a picture failed, or that the cache cannot be written (the picture is answered all the same). */
  onProblem?: (problem: unknown) => void
}

/** Draws the cards of papers; costs nothing until the first one is asked for. */
export function createSocialCards(options: SocialCardsOptions): SocialCards {
  const { assetsFolder, cacheFolder, workerUrl, maxCacheBytes = 500_000_000, onProblem } = options
  const { maxWaiting = 200, idleMs = 15_000, timeoutMs = 20_000 } = options
  const cache = createPictureCache(cacheFolder, maxCacheBytes, onProblem)
  const thread = createDrawingThread({
    workerUrl,
    assetsFolder: assetsFolder instanceof URL ? fileURLToPath(assetsFolder) : assetsFolder,
    idleMs,
    timeoutMs,
    maxWaiting,
    onProblem,
  })
  const inProgress = new Map<string, Promise<Uint8Array<ArrayBuffer>>>()

  async function readOrDraw(key: string, picture: CardPicture, size: CardSize) {
    const stored = await cache.read(key)
    if (stored) return stored
    const png = await thread.draw({ picture, size })
    await cache.write(key, png).catch((error: unknown) => onProblem?.(error))
    return png
  }

  return {
    png(picture, size) {
      const key = pictureKey(picture, size)
      const asked = inProgress.get(key)
      if (asked) return asked
      const drawing = readOrDraw(key, picture, size).finally(() => inProgress.delete(key))
      inProgress.set(key, drawing)
      return drawing
    },
    async [Symbol.asyncDispose]() {
      await thread[Symbol.asyncDispose]()
      await Promise.allSettled(inProgress.values())
      await cache.trimmed()
    },
  }
}
