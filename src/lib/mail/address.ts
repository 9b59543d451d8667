/** `papers@example.org` of `"Lab Papers" <papers@example.org>`. */
export function addressOf(mailbox: string): string {
  return (/<([^<>]+)>\s*$/.exec(mailbox)?.[1] ?? mailbox).trim()
}

export const domainOf = (mailbox: string): string => addressOf(mailbox).split('@').at(-1)?.toLowerCase() ?? ''
