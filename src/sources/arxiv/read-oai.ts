import { readXml } from './xml-events.ts'

/** An element of a record's metadata that holds text, in document order; `within` is the element around it. */
export type OaiLeaf = { name: string; within: string; text: string; attributes: Readonly<Record<string, string>> }
export type OaiRecord = {
  identifier: string
  /** Last change of the record, `YYYY-MM-DD` or an instant. */
  datestamp: string
  sets: string[]
  isDeleted: boolean
  metadata: OaiLeaf[]
}

/**
 * What an OAI-PMH server answered. `token` undefined: the list is complete. An error is an answer too, and arrives with
 * status 200; `noRecordsMatch` is an empty list that was read well.
 */
export type OaiAnswer =
  | { kind: 'list'; responseDate: string; records: OaiRecord[]; token?: string }
  | { kind: 'error'; responseDate: string; code: string; message: string }
  | { kind: 'broken'; problem: string }

/** Reads one answer to ListRecords, ListIdentifiers or GetRecord, in any metadata format. */
export function readOai(bytes: Buffer): OaiAnswer {
  const path: string[] = []
  const texts: string[] = []
  const records: OaiRecord[] = []
  const tokens: string[] = []
  let responseDate = ''
  let error: { code: string; message: string } | undefined
  let record: OaiRecord | undefined
  let attributes: Readonly<Record<string, string>> = {}
  let depth = 0
  let isLeaf = false
  const problem = readXml(bytes, {
    open(name, given) {
      path.push(name)
      texts.push('')
      isLeaf = true
      attributes = given
      // A header stands alone in ListIdentifiers, and inside a record elsewhere.
      if (name === 'record' || (name === 'header' && record === undefined)) {
        record = { identifier: '', datestamp: '', sets: [], isDeleted: false, metadata: [] }
        depth = path.length
      }
      if (name === 'header' && given.status === 'deleted' && record) record.isDeleted = true
      if (name === 'error' && path.length === 2) error = { code: given.code ?? '', message: '' }
    },
    text(text) {
      if (texts.length > 0) texts[texts.length - 1] += text
    },
    close(name) {
      const text = texts.pop() as string
      const within = path.at(-2) ?? ''
      if (record) {
        if (within === 'header') {
          if (name === 'identifier') record.identifier = text.trim()
          else if (name === 'datestamp') record.datestamp = text.trim()
          else if (name === 'setSpec') record.sets.push(text.trim())
        } else if (isLeaf && path.includes('metadata')) record.metadata.push({ name, within, text, attributes })
        if (path.length === depth) {
          records.push(record)
          record = undefined
        }
      } else if (name === 'responseDate') responseDate = text.trim()
      else if (name === 'resumptionToken') tokens.push(text.trim())
      else if (name === 'error' && error && path.length === 2) error.message = text.trim()
      path.pop()
      isLeaf = false
      if (path.length === 0 && name !== 'OAI-PMH') tokens.push('\n')
    },
  })
  if (problem !== undefined) return { kind: 'broken', problem }
  if (tokens.includes('\n')) return { kind: 'broken', problem: 'it is XML, but no answer of an OAI-PMH server' }
  if (Number.isNaN(Date.parse(responseDate)))
    return { kind: 'broken', problem: 'it says not when it was made (responseDate)' }
  if (error) return { kind: 'error', responseDate, ...error }
  if (records.length === 0) return { kind: 'broken', problem: 'it holds neither records nor an error' }
  const token = tokens.at(-1)
  return { kind: 'list', responseDate, records, ...(token ? { token } : {}) }
}
