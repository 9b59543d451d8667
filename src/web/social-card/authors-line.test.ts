import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authorsLine } from './authors-line.ts'

const roomy = () => true

test('up to three names are listed', () => {
  assert.equal(authorsLine([], roomy), '')
  assert.equal(authorsLine(['Ada'], roomy), 'Ada')
  assert.equal(authorsLine(['Ada', 'Ben'], roomy), 'Ada and Ben')
  assert.equal(authorsLine(['Ada', 'Ben', 'Chen'], roomy), 'Ada, Ben and Chen')
})

test('the others are counted, and so are names that are empty', () => {
  const collaboration = ['Ada', 'Ben', 'Chen', ...Array.from({ length: 2997 }, () => '')]
  assert.equal(authorsLine(collaboration, roomy), 'Ada, Ben, Chen and 2,997 more')
  assert.equal(authorsLine(['', 'Ben', ''], roomy), 'Ben and 2 more')
  assert.equal(authorsLine(['', ''], roomy), '')
})

test('fewer names are listed where there is no room, and a name that is too long is cut', () => {
  const narrow = (text: string) => text.length <= 14
  assert.equal(authorsLine(['Ada', 'Benedikt', 'Chen'], narrow), 'Ada and 2 more')
  assert.equal(authorsLine(['Bartholomew Featherstone'], narrow), 'Bartholomew…')
})
