import { readFileSync } from 'node:fs'

/** Names this run of the operating system, so that a claim from before a power cut is known as such; empty where the system does not say. */
export function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')
      .replaceAll(/[^0-9a-f]/g, '')
      .slice(0, 12)
  } catch {
    return '' // not Linux
  }
}
