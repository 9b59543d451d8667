export { type EngineIndexOptions, openEngineIndex } from './adapters/engine-index.ts'
export { type EvaluationReport, evaluate, type SetDocument, type SetQuery } from './evaluate.ts'
export * from './port.ts'
