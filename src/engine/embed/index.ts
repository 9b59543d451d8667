export { type Embedder, paperText } from './embedder.ts'
export { EmbeddingFileError } from './embedding-file.ts'
export {
  loadEmbedder,
  loadShared,
  openEmbedder,
  openShared,
  type SharedEmbedding,
  type StaticEmbedder,
} from './static-embedder.ts'
