import type { ErrorCode } from '../errors.ts'

/** Every error code to its HTTP status: the only such map, and total. */
const statuses = {
  bad_request: 400,
  bad_configuration: 500,
  bad_identifier: 400,
  bad_date: 400,
  bad_cursor: 400,
  bad_email: 400,
  bad_form_token: 403,
  conflict: 409,
  cross_site: 403,
  folder_in_use: 503,
  method_not_allowed: 405,
  newer_database: 503,
  not_allowed: 403,
  not_found: 404,
  not_signed_in: 401,
  paper_not_found: 404,
  person_not_found: 404,
  too_large: 413,
  too_many_requests: 429,
  unavailable: 503,
  unknown_format: 400,
  unreadable_file: 400,
  internal: 500,
} as const satisfies Record<ErrorCode, number>

export type ErrorStatus = (typeof statuses)[ErrorCode]

export function statusOf(code: ErrorCode): ErrorStatus {
  return statuses[code]
}
