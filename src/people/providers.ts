import type { GenericOAuthConfig } from 'better-auth/plugins'
import { placeholderAddress } from './placeholder-address.ts'

export const providerNames = ['orcid', 'github', 'huggingface'] as const
export type ProviderName = (typeof providerNames)[number]

/** A site where people already have an account, with the keys this instance got there. */
export type Provider = { name: ProviderName; label: string; clientId: string; clientSecret: string; baseUrl: string }

export const providerLabels: Record<ProviderName, string> = {
  orcid: 'ORCID',
  github: 'GitHub',
  huggingface: 'Hugging Face',
}

/** Where they are unless the configuration says otherwise (ORCID's sandbox, a GitHub of one's own). */
export const providerUrls: Record<ProviderName, string> = {
  orcid: 'https://orcid.org',
  github: 'https://github.com',
  huggingface: 'https://huggingface.co',
}

type Profile = Record<string, unknown>
type Person = { id: string; name: string; email: string; emailVerified: boolean }

/** What we ask each provider for, and how its answer reads. State and PKCE are better-auth's, always on. */
export function oauthConfig({ name, clientId, clientSecret, baseUrl }: Provider): GenericOAuthConfig {
  const common = { providerId: name, clientId, clientSecret, pkce: true, disableProviderLogout: true }
  if (name === 'github') {
    const api = baseUrl === providerUrls.github ? 'https://api.github.com' : `${baseUrl}/api/v3`
    return {
      ...common,
      authorizationUrl: `${baseUrl}/login/oauth/authorize`,
      tokenUrl: `${baseUrl}/login/oauth/access_token`,
      scopes: ['read:user', 'user:email'],
      getUserInfo: ({ accessToken }) => githubPerson(api, accessToken ?? ''),
    }
  }
  return {
    ...common,
    authorizationUrl: `${baseUrl}/oauth/authorize`,
    tokenUrl: `${baseUrl}/oauth/token`,
    scopes: name === 'orcid' ? ['openid'] : ['openid', 'profile', 'email'],
    getUserInfo: async ({ accessToken }) =>
      openIdPerson(name, await ask(`${baseUrl}/oauth/userinfo`, accessToken ?? '')),
  }
}

/** GitHub tells which addresses it has checked only in a list of its own. */
async function githubPerson(api: string, token: string): Promise<Person | null> {
  const profile = await ask(`${api}/user`, token)
  const emails = await ask(`${api}/user/emails`, token)
  if (profile.id === undefined) return null
  const list = Array.isArray(emails) ? (emails as { email: string; verified: boolean; primary: boolean }[]) : []
  const proved = list.find((one) => one.primary && one.verified) ?? list.find((one) => one.verified)
  const name = textOf(profile.name) || textOf(profile.login)
  return person('github', String(profile.id), name, proved?.email)
}

function openIdPerson(provider: ProviderName, profile: Profile): Person | null {
  const subject = textOf(profile.sub)
  if (!subject) return null
  const full = [textOf(profile.given_name), textOf(profile.family_name)].filter(Boolean).join(' ')
  const name = textOf(profile.name) || full || textOf(profile.preferred_username)
  return person(provider, subject, name, profile.email_verified === true ? textOf(profile.email) : undefined)
}

/**
 * An address that the provider has not proved is left out: it would let somebody take the account of whoever owns it.
 * Without one the identity itself is what is proved.
 */
function person(provider: ProviderName, subject: string, name: string, email: string | undefined): Person {
  return { id: subject, name, email: email || placeholderAddress(provider, subject), emailVerified: true }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim() : '')

const PROVIDER_PATIENCE_MS = 10_000

async function ask(url: string, token: string): Promise<Profile> {
  const headers = { authorization: `Bearer ${token}`, accept: 'application/json', 'user-agent': 'Paperround' }
  const answer = await fetch(url, { headers, redirect: 'error', signal: AbortSignal.timeout(PROVIDER_PATIENCE_MS) })
  if (!answer.ok) throw new Error(`${new URL(url).host} answered ${answer.status} when asked who signs in`)
  return (await answer.json()) as Profile
}
