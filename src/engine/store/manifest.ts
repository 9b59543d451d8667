import { crc32 } from 'node:zlib'
import { DamagedPartError, formatVersion } from '../segments/sections.ts'

/** Names of a segment's files in the folder of the index. */
export type SegmentFiles = {
  key: number
  text: string
  forward: string
  vectors?: string
  removed?: string
}

/** The table of contents of an index on disk: what is not named in it does not count. */
export type Manifest = {
  format: number
  /** Number of the last change that the files take in. */
  appliedSeq: number
  /** Whose vectors the segments hold, without its local part; null for none. */
  model: string | null
  /** The local part of the model, and how many documents there were when it was fitted. */
  local?: { file: string; id: string; dims: number; documents: number } | undefined
  /** No segment has this number or a higher one. */
  nextKey: number
  segments: SegmentFiles[]
}

export const manifestName = 'manifest.json'

export function writeManifest(manifest: Manifest): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify({ checksum: checksumOf(manifest), manifest }, null, 1)}\n`)
}

/** Throws `DamagedPartError`. */
export function readManifest(bytes: Uint8Array): Manifest {
  let read: { checksum?: unknown; manifest?: Manifest }
  try {
    read = JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    throw new DamagedPartError('its table of contents is no JSON')
  }
  const { checksum, manifest } = read ?? {}
  if (!manifest || checksum !== checksumOf(manifest)) throw new DamagedPartError('its table of contents was changed')
  if (manifest.format !== formatVersion)
    throw new DamagedPartError(`it has format ${manifest.format}, this program reads ${formatVersion}`)
  return manifest
}

const checksumOf = (manifest: Manifest) => crc32(JSON.stringify(manifest))
