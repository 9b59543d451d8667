export { type EngineIndexOptions, openEngineIndex } from './adapters/engine-index.ts'
export { costInWords, type EmbeddingCost, embeddingCost } from './embedders/embedding-cost.ts'
export { forgetModel } from './embedders/forget-model.ts'
export { keepVectors } from './embedders/kept-vectors.ts'
export { createEmbedder, openEmbedded } from './embedders/open-embedded.ts'
export { embedderId, parseEmbedder } from './embedders/outside-embedder.ts'
export { type StoredModel, storedModels } from './embedders/vector-queries.ts'
export { type EvaluationReport, evaluate, type SetDocument, type SetQuery } from './evaluate.ts'
export type { Marker } from './mark-words.ts'
export { createMarker, markerFor } from './mark-words.ts'
export {
  type OpenSearchOptions,
  openSearch,
  openSearchBeside,
  type PaperSearch,
  type SearchReport,
} from './open-search.ts'
export { type NamedPaper, paperNamedBy } from './paper-named-by.ts'
export * from './port.ts'
export { hasWords, MAX_QUERY_LENGTH, type ParsedQuery, parseQuery } from './query-language.ts'
export {
  type FoundPaper,
  type SearchAnswer,
  type SearchRequest,
  type Sorting,
  searchPapers,
  sortings,
} from './search-papers.ts'
export { type SimilarPapers, similarPapers } from './similar-papers.ts'
export { type Suggestion, suggest } from './suggest.ts'
export { trainEmbedding } from './train-embedding.ts'
