import { AppError } from '../errors.ts'
import { checkSourcesFile, describeProblems, type SourcesFile } from './source-settings.ts'

/** Reads the file of sources: JSON with comments and trailing commas. Throws `bad_configuration` naming all mistakes. */
export function readSourcesFile(text: string, name: string): SourcesFile {
  let json: unknown
  try {
    json = JSON.parse(withoutComments(text))
  } catch (cause) {
    throw new AppError('bad_configuration', `${name} is no JSON: ${(cause as Error).message}`, { cause })
  }
  const checked = checkSourcesFile(json)
  if ('value' in checked) return checked.value
  const { problems } = checked
  throw new AppError(
    'bad_configuration',
    `${name} (PAPERROUND_SOURCES) has ${problems.length} mistake(s):\n${describeProblems(problems)}`,
  )
}

/** Comments and trailing commas become blanks, so that places in messages stay right; text in quotes stays. */
export function withoutComments(text: string): string {
  const blank = (piece: string) => piece.replace(/[^\n]/g, ' ')
  const pieces = /"(?:[^"\\]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g
  const plain = text.replace(/^\ufeff/, '').replace(pieces, (piece) => (piece.startsWith('"') ? piece : blank(piece)))
  return plain.replace(/"(?:[^"\\]|\\.)*"|,(?=\s*[}\]])/g, (piece) => (piece === ',' ? ' ' : piece))
}
