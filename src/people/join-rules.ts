/** Who may make an account, as the administrator configured it. */
export type JoinRules = {
  /** Only with an invitation. */
  isByInvitation: boolean
  /** Only with an address of these domains or below them; everybody when empty. */
  domains: readonly string[]
}

export const joinProblems = ['INVITATION_NEEDED', 'DOMAIN_NOT_ALLOWED'] as const
export type JoinProblem = (typeof joinProblems)[number]

/** Why somebody may not make an account; undefined when they may. An invitation stands above both rules. */
export function joinProblem(
  rules: JoinRules,
  who: { email: string | null; isInvited: boolean },
): JoinProblem | undefined {
  if (who.isInvited) return undefined
  if (rules.isByInvitation) return 'INVITATION_NEEDED'
  if (rules.domains.length === 0) return undefined
  const domain = who.email?.toLowerCase().split('@').at(-1) ?? ''
  const isAllowed = rules.domains.some((allowed) => domain === allowed || domain.endsWith(`.${allowed}`))
  return isAllowed ? undefined : 'DOMAIN_NOT_ALLOWED'
}
