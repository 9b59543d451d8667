/** A model outside the engine that turns texts into vectors: a server, or a package. */
export type OutsideEmbedder = {
  /** Names the model; vectors of another id are never compared with these. */
  readonly id: string
  /** Texts that one call should bring: what is lost when it fails, and what is kept when it does not. */
  readonly batch: number
  /** Of a longer text the rest is not read: code units. */
  readonly longestText: number
  /**
   * One vector a text, in order, all of one length. Queries and documents may be told apart by the model. Throws
   * `EmbedderError`, and what `signal` says when that ends it.
   */
  embed(texts: readonly string[], use: 'query' | 'document', signal?: AbortSignal): Promise<Float32Array[]>
}

/** The embedder cannot be used now; the message says why and what to do. */
export class EmbedderError extends Error {
  override name = 'EmbedderError'
  /** The model will not take these very texts (too long, a character it refuses); others it may. */
  readonly isOfTexts: boolean
  constructor(message: string, options: ErrorOptions & { isOfTexts?: boolean } = {}) {
    super(message, options)
    this.isOfTexts = options.isOfTexts ?? false
  }
}

/** What `PAPERROUND_EMBEDDER` names. Undefined for anything that is not of this form. */
export type EmbedderChoice =
  | { kind: 'openai'; baseUrl: string; model: string }
  | { kind: 'transformers'; model: string }

/**
 * @example parseEmbedder('openai:http://localhost:11434/v1#bge-m3') // { kind: 'openai', baseUrl: 'http://...', model: 'bge-m3' }
 * @example parseEmbedder('transformers:Xenova/bge-small-en-v1.5') // { kind: 'transformers', model: 'Xenova/...' }
 */
export function parseEmbedder(text: string): EmbedderChoice | undefined {
  const openai = /^openai:(https?:\/\/[^\s#]+)#(\S+)$/.exec(text)
  if (openai) return { kind: 'openai', baseUrl: openai[1]!.replace(/\/+$/, ''), model: openai[2]! }
  const transformers = /^transformers:(\S.*)$/.exec(text)
  return transformers ? { kind: 'transformers', model: transformers[1]!.trim() } : undefined
}

/** The `id` of the embedder that a choice names. */
export const embedderId = (choice: EmbedderChoice): string =>
  choice.kind === 'openai' ? `openai:${choice.baseUrl}#${choice.model}` : `transformers:${choice.model}`
