// fast-check as all tests use it: the same inputs at every run, so that a red suite is red again; PAPERROUND_TEST_SEED looks elsewhere.
import fc from 'fast-check'

fc.configureGlobal({ seed: Number(process.env.PAPERROUND_TEST_SEED ?? 451_865) })

export { fc }
