/**
 * The closed list of what can go wrong in a way that somebody is told about. The HTTP doors map every code to a
 * status (`lib/http-status.ts`) and the compiler checks that none is missing.
 */
export const errorCodes = [
  'bad_request',
  'bad_configuration',
  'bad_identifier',
  'bad_date',
  'bad_cursor',
  'bad_email',
  'bad_form_token',
  'conflict',
  'cross_site',
  'folder_in_use',
  'method_not_allowed',
  'newer_database',
  'not_allowed',
  'not_found',
  'not_signed_in',
  'paper_not_found',
  'person_not_found',
  'too_large',
  'too_many_requests',
  'unavailable',
  'unknown_format',
  'unreadable_file',
  'internal',
] as const

export type ErrorCode = (typeof errorCodes)[number]

/** An error with words for a person: what was expected, what came, what to do. */
export class AppError extends Error {
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'AppError'
    this.code = code
  }
}
