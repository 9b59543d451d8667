/** Makes the vector of a text. Texts that mean similar things have vectors with a large inner product. */
export type Embedder = {
  /** Changes whenever the vectors would: what was stored under another id does not fit. */
  readonly id: string
  /** Numbers a vector has; a multiple of 64. */
  readonly dims: number
  /** A new array of unit length, or all zero when the text holds nothing that is known. */
  embed(text: string): Float32Array
}

/** The text of a paper, as it is embedded in training and in use. */
export const paperText = (title: string, abstract: string): string => `${title}. ${abstract}`
