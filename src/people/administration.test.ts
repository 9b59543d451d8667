import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onEveryDatabase } from '../../tests/databases.ts'
import { ada, ben, chen, seedPeople } from '../../tests/people.ts'
import {
  adminLog,
  changeRole,
  changeSettings,
  findPeople,
  findPerson,
  instanceSettings,
  settingStates,
  suspendPerson,
} from './index.ts'

const at = new Date('2026-03-02T15:00:00.000Z')
const defaults = { name: 'Daily Papers', editor: 'AK' }
const by = { actorId: ada, at }

onEveryDatabase('settings of the instance', (open) => {
  test('hold the configuration until somebody changes them, and again when set back', async (t) => {
    const db = await open(t)
    if (!db) return
    await seedPeople(db)
    const before = await instanceSettings(db, defaults)
    assert.deepEqual([before.editor, before.submitMaxAgeDays, before.submitWho], ['AK', 14, 'anyone'])
    const changed = await changeSettings(db, { editor: ' Ada ', submitMaxAgeDays: '30', name: null }, by)
    assert.deepEqual(changed.sort(), ['editor', 'submitMaxAgeDays'])
    const after = await instanceSettings(db, defaults)
    assert.deepEqual([after.name, after.editor, after.submitMaxAgeDays], ['Daily Papers', 'Ada', 30])
    assert.deepEqual(
      (await settingStates(db, defaults)).filter((state) => !state.isDefault).map((state) => state.name),
      ['editor', 'submitMaxAgeDays'],
    )
    await changeSettings(db, { editor: null }, by)
    assert.equal((await instanceSettings(db, defaults)).editor, 'AK')
    const { actions } = await adminLog(db, { limit: 10, subject: 'setting:editor' })
    assert.deepEqual(
      actions.map((action) => [action.before, action.after]),
      [
        ['Ada', null],
        [null, 'Ada'],
      ],
    )
  })

  test('one wrong value changes nothing and is named', async (t) => {
    const db = await open(t)
    if (!db) return
    await seedPeople(db)
    assert.throws(
      () => changeSettings(db, { editor: 'Ada', submitPerDay: '0', submitWho: 'everybody' }, by),
      /Submissions per person and day: expected at least 1.*Who may submit papers: expected one of/,
    )
    assert.equal((await instanceSettings(db, defaults)).editor, 'AK')
    assert.equal((await adminLog(db, { limit: 10 })).actions.length, 0)
  })
})

onEveryDatabase('people and roles', (open) => {
  test('the last administrator can neither be demoted nor suspended, not even by two at once', async (t) => {
    const db = await open(t)
    if (!db) return
    await seedPeople(db)
    await changeRole(db, ada, 'admin', by)
    await assert.rejects(changeRole(db, ada, 'editor', by), { code: 'conflict' })
    await assert.rejects(suspendPerson(db, ada, 'suspended', by), { code: 'conflict' })
    await changeRole(db, ben, 'admin', by)
    const both = await Promise.allSettled([ada, ben].map((id) => changeRole(db, id, 'reader', by)))
    assert.deepEqual(both.map((one) => one.status).sort(), ['fulfilled', 'rejected'])
  })

  test('every change is logged once with before and after; saying the same twice changes nothing', async (t) => {
    const db = await open(t)
    if (!db) return
    await seedPeople(db)
    await changeRole(db, chen, 'editor', by)
    await changeRole(db, chen, 'editor', by)
    await suspendPerson(db, chen, 'suspended', { ...by, reason: 'spam' })
    await suspendPerson(db, chen, 'suspended', by)
    assert.ok((await findPerson(db, chen))?.blockedAt)
    await suspendPerson(db, chen, 'restored', by)
    assert.equal((await findPerson(db, chen))?.blockedAt, undefined)
    const { actions } = await adminLog(db, { limit: 10 })
    assert.deepEqual(
      actions.map((action) => [action.kind, action.before, action.after, action.reason]),
      [
        ['person.restore', 'suspended', 'active', undefined],
        ['person.suspend', 'active', 'suspended', 'spam'],
        ['role.change', 'reader', 'editor', undefined],
      ],
    )
    await assert.rejects(changeRole(db, 'nobody', 'editor', by), { code: 'person_not_found' })
  })

  test('people are found by name or address, every page joined is everybody', async (t) => {
    const db = await open(t)
    if (!db) return
    await seedPeople(db)
    assert.deepEqual(
      (await findPeople(db, { text: 'oKRi', limit: 10 })).people.map((one) => one.id),
      [ben],
    )
    assert.deepEqual(
      (await findPeople(db, { text: 'chen@', limit: 10 })).people.map((one) => one.id),
      [chen],
    )
    assert.deepEqual((await findPeople(db, { text: '%', limit: 10 })).people, [])
    const seen: string[] = []
    let after: string | undefined
    for (let pages = 0; pages < 5; pages++) {
      const page = await findPeople(db, { limit: 2, ...(after ? { after } : {}) })
      seen.push(...page.people.map((one) => one.id))
      after = page.next
      if (!after) break
    }
    assert.deepEqual(seen, [ada, ben, chen])
  })
})
