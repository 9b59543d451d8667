import { letters } from '../../../tests/letters.ts'
import { describeSearchIndex } from '../contract.ts'
import { openEngineIndex } from './engine-index.ts'

describeSearchIndex('the engine, by words only', () => openEngineIndex({}))
describeSearchIndex('the engine', () => openEngineIndex({ embedder: letters }))
