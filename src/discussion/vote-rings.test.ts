import assert from 'node:assert/strict'
import { test } from 'node:test'
import { networkHash } from './network-hash.ts'
import { findVoteRings, type TracedVote } from './vote-rings.ts'

const vote = (personId: string, paperId: number, second: number, network = 'n1'): TracedVote => ({
  personId,
  paperId,
  network,
  at: new Date(Date.UTC(2026, 2, 2, 15, 0, second)).toISOString(),
})

test('three accounts, one network, one minute, one paper: a ring, also across the full minute', () => {
  const rings = findVoteRings([vote('a', 1, 50), vote('b', 1, 65), vote('c', 1, 100)])
  assert.equal(rings.length, 1)
  assert.deepEqual(rings[0]!.people, ['a', 'b', 'c'])
})

test('two accounts, other networks, or more than a minute apart: none', () => {
  assert.deepEqual(findVoteRings([vote('a', 1, 0), vote('b', 1, 10)]), [])
  assert.deepEqual(findVoteRings([vote('a', 1, 0), vote('b', 1, 10), vote('c', 1, 20, 'n2')]), [])
  assert.deepEqual(findVoteRings([vote('a', 1, 0), vote('b', 1, 40), vote('c', 1, 80)]), [])
})

test('the same accounts on several papers are one ring, the busiest ring comes first', () => {
  const votes = [1, 2, 3].flatMap((paper) => ['a', 'b', 'c'].map((person, n) => vote(person, paper, paper * 300 + n)))
  const others = ['x', 'y', 'z'].map((person) => vote(person, 9, 0, 'n2'))
  const rings = findVoteRings([...others, ...votes])
  assert.deepEqual(
    rings.map((ring) => [ring.network, ring.papers.length, ring.votes]),
    [
      ['n1', 3, 9],
      ['n2', 1, 3],
    ],
  )
})

test('a long run of votes in overlapping minutes is one ring with everybody once', () => {
  const people = Array.from({ length: 10 }, (_, n) => `p${n}`)
  const rings = findVoteRings(people.map((person, n) => vote(person, 1, n * 20)))
  assert.equal(rings.length, 1)
  assert.equal(rings[0]!.votes, 10)
  assert.equal(rings[0]!.people.length, 10)
})

test('a network is /24 or /64, keyed with the secret of the instance', () => {
  const hash = (address: string, secret = 's') => networkHash(address, secret)
  assert.equal(hash('192.0.2.7'), hash('192.0.2.250'))
  assert.equal(hash('192.0.2.7'), hash('::ffff:192.0.2.9'))
  assert.notEqual(hash('192.0.2.7'), hash('192.0.3.7'))
  assert.notEqual(hash('192.0.2.7'), hash('192.0.2.7', 'other'))
  assert.equal(hash('2001:db8:1:2::1'), hash('2001:0db8:0001:0002:ffff:1:2:3'))
  assert.notEqual(hash('2001:db8:1:2::1'), hash('2001:db8:1:3::1'))
  assert.equal(hash('unknown'), undefined)
  assert.doesNotMatch(hash('192.0.2.7') as string, /192/)
})
