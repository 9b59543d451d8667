import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onEveryDatabase } from '../../../tests/databases.ts'
import { attention } from '../../../tests/papers.ts'
import { findPaper, upsertPapers } from '../../papers/index.ts'
import { paperLinks } from './paper-links.ts'

const now = new Date('2026-03-02T17:00:00.000Z')

onEveryDatabase('where to read a paper', (open) => {
  test('P23, P27, P29: links to the newest version, none assumed to exist; a withdrawn one has no PDF, the one before it has', async (t) => {
    const db = await open(t)
    if (!db) return
    const [name] = attention.identifiers
    const pdfs = async (versions: { version: number; withdrawn?: boolean }[]) => {
      await upsertPapers(db, [{ ...attention, versions }], now)
      const paper = await findPaper(db, name!, '2026-03-02')
      return paperLinks(paper!.state)
        .filter(({ label }) => label.startsWith('PDF'))
        .map(({ label, url }) => [label, url])
    }
    const address = `https://arxiv.org/pdf/${name!.id}`
    assert.deepEqual(await pdfs([{ version: 1 }, { version: 2 }]), [['PDF', address]])
    assert.deepEqual(await pdfs([{ version: 3, withdrawn: true }]), [['PDF of version 2', `${address}v2`]])
  })
})
