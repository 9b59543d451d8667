import { LINK_MINUTES } from './auth-limits.ts'

/** The mail with a sign-in link: plain text, one link, nothing to load. */
export function signInMail(siteName: string, link: string): { subject: string; text: string } {
  return {
    subject: `Sign in to ${siteName}`,
    text: `Open this link to sign in to ${siteName}:

${link}

It works once, within ${LINK_MINUTES} minutes. The page it opens has one button; press it and you are in.

If you did not ask for this, somebody typed your address by mistake. Nothing happens unless the link is used: ignore this mail.
`,
  }
}

/** The mail that proves a new address of somebody who has an account already. */
export function newAddressMail(siteName: string, link: string, name: string): { subject: string; text: string } {
  return {
    subject: `Your new address at ${siteName}`,
    text: `${name} asked to use this address at ${siteName}. Open this link to confirm it:

${link}

It works once, within ${LINK_MINUTES} minutes, in the browser that asked for it.

If this was not you, ignore this mail: nothing changes.
`,
  }
}
