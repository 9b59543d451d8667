import { open, rename, rm } from 'node:fs/promises'
import { basename, dirname } from 'node:path'

/**
 * Writes a file so that after a crash at any moment there is the old file or the whole new one: to a temporary name, flushed
 * to the disk, renamed, and the folder flushed. Throws what the file system says; then nothing but the old file is there.
 */
export async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.tmp`
  try {
    const file = await open(temporary, 'w')
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {}) // the first error is the one to tell
    throw error
  }
  await flushFolder(dirname(path))
}

/** Makes names in a folder durable. Where a folder cannot be opened (Windows), the system does so itself. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EISDIR' || error.code === 'EPERM') return undefined
    throw error
  })
  if (!handle) return
  try {
    await handle.sync()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EINVAL')
      throw new Error(`${basename(folder)} cannot be flushed`, { cause: error })
  } finally {
    await handle.close()
  }
}
