/** What a network fault is called by the system, and by people. Read after "arXiv could not be read: ". */
const faults: [RegExp, string][] = [
  [/ENOTFOUND|EAI_AGAIN/, 'this server has no connection to the internet, or cannot look up names'],
  [/ENETUNREACH|EHOSTUNREACH|ENETDOWN/, 'this server has no way to it; is it connected to the internet?'],
  [/ECONNREFUSED/, 'it does not accept connections'],
  [/ECONNRESET|EPIPE|UND_ERR_SOCKET/, 'the connection broke off'],
  [/ETIMEDOUT|UND_ERR_\w*TIMEOUT/, 'no answer came in time'],
]
/** A code with the call before it and the address after it: `getaddrinfo ENOTFOUND arxiv.org`. */
const technical =
  /\b(?:(?:getaddrinfo|connect|read|write) )?((?:UND_ERR|E[A-Z])[A-Z_]{3,})\b(?: [\w[\]-]*[.:][\w.:[\]-]+)?/g

/** The same message without the system's names for faults of the network; the log keeps those. */
export function inPlainWords(message: string): string {
  return message.replace(technical, (whole, code: string) => faults.find(([fault]) => fault.test(code))?.[1] ?? whole)
}

/** Whether nothing was heard at all, so that nothing is wrong with what the other side says. */
export function isUnreachable(message: string): boolean {
  return /\b(ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|ENETDOWN|ECONNREFUSED)\b/.test(message)
}
