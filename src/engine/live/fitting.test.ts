import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { Fitting, type FittingOptions } from './fitting.ts'

test('a collection that comes in slowly is fitted a few times, and once more when it is whole', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] })
  t.after(() => mock.timers.reset())
  const fitted: number[] = []
  let documents = 0
  const segments = {
    list: [],
    get documents() {
      return documents
    },
  } as unknown as FittingOptions['segments']
  const threads = {
    withBuilders: async () => {
      fitted.push(documents)
      return undefined
    },
  } as unknown as FittingOptions['threads']
  const fitting = new Fitting({
    ...{ segments, threads, canFit: () => true, exclusively: (work) => work(), onFitted() {} },
    onProblem: (message) => assert.fail(message),
  })
  for (documents = 1_000; documents < 200_000; documents += 1_000) {
    fitting.soon()
    mock.timers.tick(3_000) // a batch every three seconds: longer than the first delay
    await turn()
  }
  assert.deepEqual(fitted, [1_000])
  fitting.soon()
  mock.timers.tick(4_000)
  await turn()
  assert.deepEqual(fitted, [1_000, 200_000])
})
