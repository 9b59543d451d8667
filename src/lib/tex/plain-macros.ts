import { authorMacros } from './author-macros.ts'

/** Private commands of authors that take no argument, by name without backslash: the meaning in TeX. */
export const plainMacros = new Map(
  Object.entries(authorMacros)
    .filter(([, meaning]) => !meaning.includes('#') && !/\\(?:begin|end)\b/.test(meaning))
    .map(([command, meaning]) => [command.slice(1), meaning]),
)
plainMacros.set('R', '\\mathbb{R}').set('N', '\\mathbb{N}').set('Z', '\\mathbb{Z}').set('Q', '\\mathbb{Q}')
