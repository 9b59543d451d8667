/** Providers that give no address: better-auth needs one, so it is shown one that can never receive mail. */
export const placeholderAddress = (provider: string, subject: string): string => `${subject}@${provider}.invalid`

export function withoutPlaceholder(email: string | null): string | null {
  return email === null || isPlaceholder(email) ? null : email
}

/** `.invalid` never exists (RFC 2606): nobody may come in by naming such an address. */
export const isPlaceholder = (email: string): boolean => /\.invalid\.?$/i.test(email)
