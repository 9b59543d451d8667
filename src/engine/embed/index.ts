export { type Embedder, paperText } from './embedder.ts'
export { EmbeddingFileError } from './embedding-file.ts'
export { loadEmbedder, openEmbedder, type StaticEmbedder } from './static-embedder.ts'
