import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onEveryDatabase } from '../../tests/databases.ts'
import { paperReferences } from './index.ts'

onEveryDatabase('rows that name a paper', (open) => {
  test('every table with a paper_id says what becomes of it when two papers become one', async (t) => {
    const db = await open(t)
    if (!db) return
    const tables = await db.introspection.getTables()
    const naming = tables
      .filter(({ columns }) => columns.some(({ name }) => name === 'paper_id'))
      .map(({ name }) => name)
    assert.deepEqual(Object.keys(paperReferences).toSorted(), naming.toSorted())
    for (const [table, rule] of Object.entries(paperReferences)) {
      if (typeof rule === 'string') continue
      const columns = tables.find(({ name }) => name === table)?.columns.map(({ name }) => name) ?? []
      for (const column of rule.unite) assert.ok(columns.includes(column), `${table}.${column}`)
    }
  })
})
