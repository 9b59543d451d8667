/** An embedder that knows letters, so that texts with the same words lie near. */
export const letters = {
  id: 'letters-64',
  dims: 64,
  embed(text: string) {
    const vector = new Float32Array(64)
    for (const word of text.toLowerCase().match(/[a-z]+/g) ?? []) {
      let hash = 7
      for (const character of word.slice(0, 5)) hash = (hash * 31 + (character.codePointAt(0) as number)) % 64
      vector[hash] = (vector[hash] as number) + 1
    }
    const length = Math.hypot(...vector)
    return length > 0 ? vector.map((one) => one / length) : vector
  },
}
