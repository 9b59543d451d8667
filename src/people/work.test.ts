import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Challenge, solveChallenge } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2'
import { createWork } from './work.ts'

test('work is accepted when it was done on a challenge of ours, and not otherwise', async () => {
  const work = createWork('a key of this test')
  const challenge = JSON.parse(await work.challenge(new Date())) as Challenge
  const solution = await solveChallenge({ challenge, deriveKey })
  assert.ok(solution)
  assert.equal(await work.solved(JSON.stringify({ challenge, solution })), challenge.signature)
  const other = JSON.parse(await createWork('another key').challenge(new Date())) as Challenge
  const bad: unknown[] = [
    { challenge, solution: { ...solution, counter: solution.counter + 1 } },
    { challenge: { ...challenge, parameters: { ...challenge.parameters, keyPrefix: 'ff' } }, solution },
    { challenge: { ...challenge, parameters: { ...challenge.parameters, cost: 1 } }, solution },
    { challenge: other, solution },
    { challenge: JSON.parse(await work.challenge(new Date('2020-01-01T00:00:00Z'))), solution },
    { challenge: {}, solution: {} },
    null,
    [],
  ]
  for (const payload of bad)
    assert.equal(await work.solved(JSON.stringify(payload)), undefined, JSON.stringify(payload))
  assert.equal(await work.solved('no JSON'), undefined)
})
