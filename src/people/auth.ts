import { passkey } from '@better-auth/passkey'
import { betterAuth } from 'better-auth'
import { APIError } from 'better-auth/api'
import { genericOAuth, magicLink } from 'better-auth/plugins'
import type { Db } from '../db/index.ts'
import type { Log } from '../lib/log.ts'
import { arriving } from './arriving.ts'
import { FRESH_HOURS, LINK_MINUTES, MAX_NAME_CHARACTERS, SESSION_DAYS } from './auth-limits.ts'
import { forBetterAuth } from './auth-queries.ts'
import { browserInWords } from './browser-in-words.ts'
import { networkOf } from './network.ts'
import { withoutPlaceholder } from './placeholder-address.ts'
import { oauthConfig, type Provider } from './providers.ts'
import { isShutOut } from './queries.ts'
import { hashOf } from './token-secret.ts'

export type AuthOptions = {
  db: Db
  log: Log
  /** Signs cookies. */
  key: string
  siteName: string
  /** `https://papers.example.org`: passkeys and answers of providers belong to it. */
  origin: string
  providers: readonly Provider[]
}

export type Auth = ReturnType<typeof createAuth>

/**
 * better-auth over our tables. None of its routes is open: the pages of the site call it (`auth.api`), so that every
 * route stands in the route table and GET changes nothing. Its rate limits and origin checks belong to those routes and
 * are replaced by the site's own.
 */
export function createAuth(options: AuthOptions) {
  const { db, log, key, siteName, origin } = options
  const isSecure = origin.startsWith('https:')
  const cookie = (name: string) => ({
    name: `${isSecure ? '__Host-' : ''}paperround-${name}`,
    attributes: { secure: isSecure, httpOnly: true, sameSite: 'lax' as const, path: '/' },
  })
  const times = { createdAt: 'created_at', updatedAt: 'updated_at' }
  return betterAuth({
    appName: siteName,
    baseURL: origin,
    basePath: '/sign-in',
    secret: key,
    // On both databases instants are ISO text and truth is 0 or 1: what better-auth calls sqlite.
    database: { db: forBetterAuth(db), type: 'sqlite', transaction: true },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: {
      level: 'warn',
      log: (level, message, ...details) =>
        log[level === 'error' ? 'warn' : 'debug']({ details }, `sign-in: ${message}`),
    },
    advanced: {
      useSecureCookies: false, // their names and flags are ours, see `cookie`
      database: { validateSchema: false },
      cookies: {
        session_token: cookie('session'),
        oauth_state: cookie('oauth'),
        'better-auth-passkey': cookie('passkey'),
      },
    },
    user: {
      modelName: 'person',
      fields: { emailVerified: 'email_verified', ...times },
      additionalFields: { role: { type: 'string', input: false, defaultValue: 'reader' } },
    },
    session: {
      modelName: 'session',
      fields: { userId: 'person_id', expiresAt: 'expires_at', ipAddress: 'network', userAgent: 'browser', ...times },
      expiresIn: SESSION_DAYS * 86_400,
      disableSessionRefresh: true,
      freshAge: FRESH_HOURS * 3_600,
    },
    account: {
      modelName: 'identity',
      fields: {
        accountId: 'subject',
        providerId: 'provider',
        userId: 'person_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        ...times,
      },
      storeStateStrategy: 'cookie',
      updateAccountOnSignIn: false,
      accountLinking: { enabled: true, allowDifferentEmails: true },
    },
    verification: { modelName: 'verification', fields: { expiresAt: 'expires_at', ...times } },
    databaseHooks: {
      user: {
        create: {
          before: async (user) => {
            const { join, name } = arriving.getStore() ?? {}
            const problem = join?.({ email: withoutPlaceholder(user.email) })
            if (problem) throw new APIError('FORBIDDEN', { code: problem, message: problem })
            const email = withoutPlaceholder(user.email) as unknown as string // null: the column takes it, the type does not
            const shown = (name || user.name || '').trim().slice(0, MAX_NAME_CHARACTERS) || 'New reader'
            return { data: { ...user, email, name: shown, image: null } }
          },
          after: async (user) => {
            const person = arriving.getStore()
            if (person) person.createdPersonId = user.id
          },
        },
      },
      session: {
        create: {
          before: async (session) => {
            if (await isShutOut(db, session.userId)) {
              throw new APIError('FORBIDDEN', { code: 'SHUT_OUT', message: 'shut out' })
            }
            const { address, userAgent } = arriving.getStore()?.visit ?? {}
            const browser = userAgent ? browserInWords(userAgent) : null
            return { data: { ...session, ipAddress: address ? networkOf(address) : null, userAgent: browser } }
          },
        },
      },
      account: {
        create: {
          // We ask who somebody is, once. Keys to their account elsewhere are not ours to keep.
          before: async (identity) => ({
            data: { ...identity, accessToken: null, refreshToken: null, idToken: null, scope: null },
          }),
        },
      },
    },
    plugins: [
      magicLink({
        expiresIn: LINK_MINUTES * 60,
        storeToken: { type: 'custom-hasher', hash: async (token) => hashOf(token) },
        sendMagicLink: ({ token }) => {
          const person = arriving.getStore()
          if (person) person.linkToken = token
        },
      }),
      passkey({
        rpID: new URL(origin).hostname,
        rpName: siteName,
        origin,
        // A passkey is the only thing asked for: the device must have asked for a finger, a face or its code.
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        registration: {
          afterVerification: ({ verification }) => demandVerifiedUser(verification.registrationInfo?.userVerified),
        },
        authentication: {
          afterVerification: ({ verification }) => demandVerifiedUser(verification.authenticationInfo.userVerified),
        },
        schema: {
          passkey: {
            fields: {
              publicKey: 'public_key',
              userId: 'person_id',
              credentialID: 'credential_id',
              deviceType: 'device_type',
              backedUp: 'backed_up',
              createdAt: 'created_at',
            },
          },
        },
      }),
      genericOAuth({ config: options.providers.map(oauthConfig) }),
    ],
  })
}

async function demandVerifiedUser(isVerified: boolean | undefined): Promise<undefined> {
  if (!isVerified) throw new APIError('FORBIDDEN', { code: 'USER_NOT_VERIFIED', message: 'The device checked nobody.' })
}
