import type { Db } from '../db/index.ts'
import { saveTokenUses } from './queries.ts'

/** Notes when tokens were used. Kept in memory and written now and then: a GET of a program must not write. */
export type TokenUses = { note(tokenId: string, at: Date): void; save(): Promise<void> }

export function createTokenUses(db: Db): TokenUses {
  let uses = new Map<string, string>()
  return {
    note: (tokenId, at) => uses.set(tokenId, at.toISOString()),
    async save() {
      if (uses.size === 0) return
      const noted = uses
      uses = new Map()
      await saveTokenUses(db, noted)
    },
  }
}
