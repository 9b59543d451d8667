import { AppError } from '../errors.ts'
import type { PageRequest } from '../papers/index.ts'
import type { Request } from './site.ts'

/** A day's list comes whole on nearly every day; only very long ones are cut. */
const DEFAULT_LIMIT = 100
const MAX_LIMIT = 100

/** `?after=` and `?limit=` of any list. Throws `bad_request` with the allowed range. */
export function listRequest(request: Request, defaultLimit = DEFAULT_LIMIT): PageRequest {
  const after = request.req.query('after')
  const given = request.req.query('limit')
  const limit = given === undefined ? defaultLimit : Number(given)
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    throw new AppError(
      'bad_request',
      `"limit" must be a whole number from 1 to ${MAX_LIMIT}, not "${given?.slice(0, 20)}".`,
    )
  }
  return { limit, ...(after ? { after } : {}) }
}
