import { AppError } from '../errors.ts'
import type { Request } from './site.ts'

/** The fields of a form, empty where there is no form. What cannot be read is the sender's fault, not ours. */
export async function readForm(request: Request): Promise<Record<string, unknown>> {
  try {
    return await request.req.parseBody()
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    throw new AppError('bad_request', 'The form could not be read. Open the page again and send it from there.', {
      cause,
    })
  }
}

/** One field as text; empty when it is missing, repeated or a file. */
export function textField(form: Record<string, unknown>, name: string): string {
  const value = form[name]
  return typeof value === 'string' ? value.trim() : ''
}
