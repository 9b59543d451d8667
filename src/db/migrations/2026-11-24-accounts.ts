import type { ColumnDefinitionBuilder, Kysely } from 'kysely'
import { dialectOf } from '../dialect.ts'

// Accounts: how people come in (sessions, identities elsewhere, passkeys, tokens, invitations). `schema.ts` says what
// columns mean; better-auth uses `person`, `session`, `identity`, `verification` and `passkey` under these names.

export async function up(db: Kysely<unknown>): Promise<void> {
  const table = (name: string) => db.schema.createTable(name).addColumn('id', 'text', (c) => c.primaryKey())
  const index = (name: string, on: string, ...columns: string[]) =>
    db.schema
      .createIndex(name)
      .on(on)
      .columns(columns as never)
      .execute()
  const text = (c: ColumnDefinitionBuilder) => c.notNull()
  const toPerson = (c: ColumnDefinitionBuilder) => c.notNull().references('person.id').onDelete('cascade')

  await db.schema.alterTable('person').addColumn('left_at', 'text').execute()
  await db.schema.alterTable('person').addColumn('blocked_at', 'text').execute()

  await table('session')
    .addColumn('token', 'text', (c) => c.notNull().unique())
    .addColumn('person_id', 'text', toPerson)
    .addColumn('expires_at', 'text', text)
    .addColumn('network', 'text')
    .addColumn('browser', 'text')
    .addColumn('created_at', 'text', text)
    .addColumn('updated_at', 'text', text)
    .execute()
  await index('session_person', 'session', 'person_id')

  await table('identity')
    .addColumn('provider', 'text', text)
    .addColumn('subject', 'text', text)
    .addColumn('person_id', 'text', toPerson)
    .addColumn('access_token', 'text')
    .addColumn('refresh_token', 'text')
    .addColumn('id_token', 'text')
    .addColumn('access_token_expires_at', 'text')
    .addColumn('refresh_token_expires_at', 'text')
    .addColumn('scope', 'text')
    .addColumn('password', 'text')
    .addColumn('created_at', 'text', text)
    .addColumn('updated_at', 'text', text)
    .addUniqueConstraint('identity_subject', ['provider', 'subject'])
    .execute()
  await index('identity_person', 'identity', 'person_id')

  await table('verification')
    .addColumn('identifier', 'text', text)
    .addColumn('value', 'text', text)
    .addColumn('expires_at', 'text', text)
    .addColumn('created_at', 'text', text)
    .addColumn('updated_at', 'text', text)
    .execute()
  await index('verification_identifier', 'verification', 'identifier')

  await table('passkey')
    .addColumn('name', 'text')
    .addColumn('person_id', 'text', toPerson)
    .addColumn('credential_id', 'text', (c) => c.notNull().unique())
    .addColumn('public_key', 'text', text)
    .addColumn('counter', 'integer', (c) => c.notNull())
    .addColumn('device_type', 'text', text)
    .addColumn('backed_up', 'integer', (c) => c.notNull())
    .addColumn('transports', 'text')
    .addColumn('aaguid', 'text')
    .addColumn('created_at', 'text', text)
    .execute()
  await index('passkey_person', 'passkey', 'person_id')

  await table('access_token')
    .addColumn('person_id', 'text', toPerson)
    .addColumn('name', 'text', text)
    .addColumn('prefix', 'text', text)
    .addColumn('hash', 'text', (c) => c.notNull().unique())
    .addColumn('scopes', 'text', text)
    .addColumn('created_at', 'text', text)
    .addColumn('expires_at', 'text')
    .addColumn('last_used_at', 'text')
    .execute()
  await index('access_token_person', 'access_token', 'person_id')

  await table('invite')
    .addColumn('hash', 'text', (c) => c.notNull().unique())
    .addColumn('role', 'text', text)
    .addColumn('note', 'text', text)
    .addColumn('invited_by', 'text', (c) => c.references('person.id').onDelete('set null'))
    .addColumn('created_at', 'text', text)
    .addColumn('expires_at', 'text', text)
    .addColumn('claimed_by', 'text')
    .addColumn('used_by', 'text', (c) => c.references('person.id').onDelete('set null'))
    .addColumn('used_at', 'text')
    .execute()

  // Rates are counted in the database only where several programs may share it. The names are rate-limiter-flexible's.
  if (dialectOf(db) === 'postgres')
    await db.schema
      .createTable('rate_limit')
      .addColumn('key', 'text', (c) => c.primaryKey())
      .addColumn('points', 'integer', (c) => c.notNull().defaultTo(0))
      .addColumn('expire', 'bigint')
      .execute()
}
