// Signing in, and what happens when somebody leaves.
import { forgetSubscriber } from '../digest/index.ts'
import { forgetVotes } from '../discussion/index.ts'
import { hotness, refreshCardsOf } from '../feed/index.ts'
import { type Accounts, createAccounts, providerLabels, providerNames } from '../people/index.ts'
import type { Context } from './context.ts'
import { siteNameOf } from './mail.ts'

/** Signing in and everything about accounts. */
export function openAccounts({ config, db, clock, log, secret, mailer }: Context): Accounts {
  const providers = providerNames.flatMap((name) => {
    const [clientId, clientSecret, baseUrl] = [config[`${name}Id`], config[`${name}Secret`], config[`${name}Url`]]
    return clientId && clientSecret ? [{ name, label: providerLabels[name], clientId, clientSecret, baseUrl }] : []
  })
  return createAccounts({
    db,
    secret,
    log,
    siteName: () => siteNameOf({ config, db }),
    rules: { isByInvitation: config.signUp === 'invited', domains: config.mailDomains },
    providers,
    sendMail: async (mail) => {
      // Without mail the link is for whoever runs the program, and for nobody else.
      if (!mailer) return console.log(`Mail is not set up, so nobody gets this one to ${mail.to}:\n${mail.text}`)
      const outcome = await mailer.send({ ...mail, date: clock() }, { urgent: true })
      if (outcome.kind !== 'accepted') log.error({ to: mail.to, outcome }, 'a mail for signing in was not accepted')
    },
    isMailSent: mailer !== undefined,
    isWorkAsked: config.captcha,
    onLeaving: [
      async (tx, { personId }, votes) => {
        if (votes === 'remove') await forgetVotes(tx, personId, hotness)
        await refreshCardsOf(tx, personId)
        await forgetSubscriber(tx, personId, 'remove', clock())
      },
    ],
  })
}
