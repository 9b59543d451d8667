import { openContext } from '../compose/index.ts'
import { readConfig } from '../config.ts'
import { AppError } from '../errors.ts'
import { embedderId, forgetModel, storedModels } from '../search/index.ts'

type Options = { forget?: string; json?: boolean }
type Row = { model: string; texts: number; megabytes: number; inUse: boolean }

/** `paperround vectors [--forget MODEL]`: the models outside whose vectors are kept, and an end to those of one. */
export async function run(_args: string[], { forget, json }: Options): Promise<number> {
  const config = readConfig(process.env)
  const used = config.embedder && embedderId(config.embedder)
  // Vectors come and go one by one, so a site may run beside this.
  await using context = await openContext(config, { command: 'vectors', alongside: true, existing: true })
  const rows = (await storedModels(context.db)).map(({ model, texts, bytes }): Row => {
    return { model, texts, megabytes: Math.round(bytes / 1e5) / 10, inUse: model === used }
  })
  if (forget === undefined) {
    console.log(json ? JSON.stringify({ models: rows }, null, 1) : asText(rows))
    return 0
  }
  const row = rows.find(({ model }) => model === forget)
  if (!row)
    throw new AppError('bad_request', `No vectors of "${forget}" are kept. "paperround vectors" lists what there is.`)
  if (row.inUse) throw new AppError('bad_request', `${forget} is the model of PAPERROUND_EMBEDDER. Change that first.`)
  const forgotten = await forgetModel(context.db, forget)
  if (json) console.log(JSON.stringify({ model: forget, forgotten }, null, 1))
  else console.log(`${forgotten.toLocaleString('en')} vectors of ${forget} were deleted (${row.megabytes} MB).`)
  return 0
}

function asText(rows: readonly Row[]): string {
  if (rows.length === 0) return 'No vectors are kept: no model outside has embedded any paper.'
  return rows
    .map(({ model, texts, megabytes, inUse }) => {
      const size = `${texts.toLocaleString('en')} texts, ${megabytes} MB`
      return `${model}: ${size}, ${inUse ? 'in use' : `not in use (--forget '${model}' deletes them)`}`
    })
    .join('\n')
}
