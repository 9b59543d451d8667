import { existsSync } from 'node:fs'
import { embedderReport } from '../compose/index.ts'
import type { Config } from '../config.ts'
import { databaseFile } from '../db/index.ts'

/** Whether the model outside answers, and what embedding the papers by it will take. Asks it for the vector of one word. */
export async function embedderFindings(config: Config): Promise<{ what: string; ok: boolean; detail: string }[]> {
  if (!config.embedder) return []
  const hasDatabase = config.databaseUrl !== undefined || existsSync(databaseFile(config.dataFolder))
  return [{ what: 'Search model', ...(await embedderReport(config, hasDatabase)) }]
}
