import type { SearchReport } from '../../search/index.ts'

/** Rows of the status page about the index. */
export function searchRows(report: SearchReport): [string, string][] {
  const { state, documents, behind, progress, model, memoryMb, diskMb, notice, problem } = report
  const share = progress === undefined ? '' : `, ${Math.floor(progress * 100)} % done`
  const lag = behind > 0 ? `, ${behind.toLocaleString('en')} changes behind` : ''
  const rows: [string, string][] = [
    ['Search', `${state}${share}: ${documents.toLocaleString('en')} papers can be found${lag}`],
  ]
  if (model) rows.push(['Search model', model])
  if (memoryMb || diskMb) rows.push(['Search index', `${memoryMb} MB in memory, ${diskMb} MB on disk`])
  if (notice) rows.push(['Another search model', notice])
  if (problem) rows.push(['Search problem', problem])
  return rows
}
