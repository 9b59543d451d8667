import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** PNG files in a folder of bounded size. A disk that fails costs time, never a picture. */
export type PictureCache = {
  read(key: string): Promise<Uint8Array<ArrayBuffer> | undefined>
  /** Rejects when the disk refuses. */
  write(key: string, png: Uint8Array): Promise<void>
  /** Resolves when the room that the last write asked for is made. */
  trimmed(): Promise<void>
}

/** What is left of a full cache: enough room is made that the next removal is far off. */
const KEPT_SHARE = 0.8
const pngStart = Buffer.from('89504e470d0a1a0a', 'hex')
const pngEnd = Buffer.from('49454e44ae426082', 'hex')
const temporary = '.part'

/**
 * Keys are hexadecimal; their first two letters name one of 256 folders. Reads nothing before the first write.
 * @param onProblem told when counting or removing fails; the next write tries again
 */
export function createPictureCache(
  folder: string,
  maxBytes: number,
  onProblem?: (problem: unknown) => void,
): PictureCache {
  const fileOf = (key: string) => join(folder, key.slice(0, 2), `${key}.png`)
  let bytes: number | undefined
  let trimming: Promise<void> = Promise.resolve()

  async function trim(added: number) {
    try {
      bytes = bytes === undefined ? await sizeOf(folder) : bytes + added
      if (bytes > maxBytes) bytes = await removeOldest(folder, maxBytes * KEPT_SHARE)
    } catch (problem) {
      bytes = undefined
      onProblem?.(problem)
    }
  }

  return {
    async read(key) {
      try {
        const file = await readFile(fileOf(key))
        // A power cut can leave a file that was renamed before its content was on the disk.
        return isWhole(file) ? new Uint8Array(file) : undefined
      } catch {
        // Not there, or not readable: drawing it again answers both.
        return undefined
      }
    },
    async write(key, png) {
      const file = fileOf(key)
      const part = `${file}.${randomBytes(6).toString('hex')}${temporary}`
      await mkdir(join(folder, key.slice(0, 2)), { recursive: true })
      try {
        await writeFile(part, png)
        await rename(part, file)
      } catch (error) {
        await rm(part, { force: true }).catch(() => undefined)
        throw error
      }
      // In turns, and nobody waits: counting a full cache for the first time takes a second.
      trimming = trimming.then(() => trim(png.byteLength))
    },
    trimmed: () => trimming,
  }
}

const isWhole = (file: Buffer) => file.subarray(0, 8).equals(pngStart) && file.subarray(-8).equals(pngEnd)

type Stored = { path: string; bytes: number; writtenAtMs: number }

async function storedFiles(folder: string): Promise<Stored[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const stored: Stored[] = []
  for (const path of files.filter((path) => path.endsWith('.png') || path.endsWith(temporary))) {
    const found = await stat(path).catch(() => undefined)
    if (found) stored.push({ path, bytes: found.size, writtenAtMs: found.mtimeMs })
  }
  return stored
}

async function sizeOf(folder: string): Promise<number> {
  return (await storedFiles(folder)).reduce((sum, file) => sum + file.bytes, 0)
}

/** Removes the files written longest ago until no more than this is left; answers what is left. */
async function removeOldest(folder: string, maxBytes: number): Promise<number> {
  const oldestFirst = (await storedFiles(folder)).sort((a, b) => a.writtenAtMs - b.writtenAtMs)
  let bytes = oldestFirst.reduce((sum, file) => sum + file.bytes, 0)
  for (const file of oldestFirst) {
    if (bytes <= maxBytes) break
    await rm(file.path, { force: true })
    bytes -= file.bytes
  }
  return bytes
}
