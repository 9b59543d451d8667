import { readSync } from 'node:fs'

/** Reads an open file from its start straight into `bytes`. False when it ends before they are full. */
export function fillFrom(file: number, bytes: Uint8Array): boolean {
  let at = 0
  while (at < bytes.length) {
    const read = readSync(file, bytes, at, bytes.length - at, at)
    if (read === 0) return false
    at += read
  }
  return true
}
