import type { Visit } from './arriving.ts'
import { type AuthFor, callAuth, type Step } from './call-auth.ts'

/** What the browser's authenticator answered, as JSON: checked by better-auth, not by its type. */
type Answer = Record<string, unknown>

/** The two halves of each ceremony: a challenge for the browser, then what its authenticator made of it. */
export const passkeyCeremonies = (authFor: AuthFor) => {
  const call = async (
    visit: Visit,
    run: (auth: Awaited<ReturnType<AuthFor>>, headers: Headers) => Promise<Response>,
  ): Promise<Step> => {
    const auth = await authFor(visit.origin)
    return callAuth({ visit, join: () => undefined }, (headers) => run(auth, headers))
  }
  return {
    beginRegistration: (visit: Visit, name: string) =>
      call(visit, (auth, headers) =>
        auth.api.generatePasskeyRegistrationOptions({ query: { name }, headers, asResponse: true }),
      ),
    finishRegistration: (visit: Visit, response: Answer, name: string) =>
      call(visit, (auth, headers) =>
        auth.api.verifyPasskeyRegistration({ body: { response, name }, headers, asResponse: true }),
      ),
    beginSignIn: (visit: Visit) =>
      call(visit, (auth, headers) => auth.api.generatePasskeyAuthenticationOptions({ headers, asResponse: true })),
    finishSignIn: (visit: Visit, response: Answer) =>
      call(visit, (auth, headers) =>
        auth.api.verifyPasskeyAuthentication({ body: { response: response as never }, headers, asResponse: true }),
      ),
  }
}
