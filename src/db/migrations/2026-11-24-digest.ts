import { type CreateTableBuilder, type Kysely, sql } from 'kysely'
import { dialectOf } from '../dialect.ts'

// Mail: who wants what, what was made for whom, what became of it. `schema.ts` says what columns mean.

export async function up(db: Kysely<unknown>): Promise<void> {
  const sqlite = dialectOf(db) === 'sqlite'
  const table = (name: string) => db.schema.createTable(name)
  const keyed = <T extends string, C extends string>(builder: CreateTableBuilder<T, C>) =>
    sqlite ? builder.modifyEnd(sql`without rowid`) : builder
  const index = (name: string, on: string, ...columns: string[]) =>
    db.schema
      .createIndex(name)
      .on(on)
      .columns(columns as never)
      .execute()

  await db.schema.alterTable('subscription').renameTo('subscription_waiting').execute()

  await table('subscriber')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('email', 'text', (c) => c.notNull().unique())
    .addColumn('person_id', 'text', (c) => c.references('person.id').onDelete('set null'))
    .addColumn('token', 'text', (c) => c.notNull().unique())
    .addColumn('confirm_token', 'text', (c) => c.unique())
    .addColumn('confirm_until', 'text')
    .addColumn('asked_at', 'text')
    .addColumn('asked_count', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('confirmed_at', 'text')
    .addColumn('created_at', 'text', (c) => c.notNull())
    .execute()
  await index('subscriber_person', 'subscriber', 'person_id')

  await table('subscription')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('subscriber_id', 'text', (c) => c.notNull().references('subscriber.id').onDelete('cascade'))
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('want', 'text', (c) => c.notNull())
    .addColumn('rhythm', 'text', (c) => c.notNull())
    .addColumn('weekdays', 'text', (c) => c.notNull())
    .addColumn('hour', 'integer', (c) => c.notNull())
    .addColumn('zone', 'text', (c) => c.notNull())
    .addColumn('length', 'integer', (c) => c.notNull())
    .addColumn('token', 'text', (c) => c.notNull().unique())
    .addColumn('next_at', 'text')
    .addColumn('covered_through', 'text')
    .addColumn('last_sent_at', 'text')
    .addColumn('paused_until', 'text')
    .addColumn('confirmed_at', 'text')
    .addColumn('ended_at', 'text')
    .addColumn('ended_how', 'text')
    .addColumn('created_at', 'text', (c) => c.notNull())
    .execute()
  await index('subscription_due', 'subscription', 'state', 'next_at', 'id')
  await index('subscription_subscriber', 'subscription', 'subscriber_id')

  await table('issue')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('from_day', 'text', (c) => c.notNull())
    .addColumn('day', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('is_partial', 'integer', (c) => c.notNull())
    .addColumn('papers', 'text', (c) => c.notNull())
    .addColumn('totals', 'text', (c) => c.notNull())
    .addColumn('frozen_at', 'text', (c) => c.notNull())
    .addColumn('problem', 'text')
    .execute()
  await index('issue_frozen', 'issue', 'frozen_at')

  await keyed(
    table('issue_paper')
      .addColumn('issue_id', 'text', (c) => c.notNull().references('issue.id').onDelete('cascade'))
      .addColumn('paper_id', 'integer', (c) => c.notNull())
      .addColumn('content', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('issue_paper_key', ['issue_id', 'paper_id']),
  ).execute()

  await table('delivery')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('subscription_id', 'text', (c) => c.notNull().references('subscription.id').onDelete('cascade'))
    .addColumn('period_key', 'text', (c) => c.notNull())
    .addColumn('issue_id', 'text', (c) => c.references('issue.id'))
    .addColumn('papers', 'text')
    .addColumn('covers', 'text')
    .addColumn('slot_at', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('reason', 'text')
    .addColumn('attempts', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('retry_at', 'text', (c) => c.notNull())
    .addColumn('worker', 'text')
    .addColumn('lease_until', 'text')
    .addColumn('began_at', 'text')
    .addColumn('settled_at', 'text')
    .addColumn('reply', 'text')
    .addUniqueConstraint('delivery_period', ['subscription_id', 'period_key'])
    .execute()
  await index('delivery_due', 'delivery', 'state', 'retry_at', 'id')
  await index('delivery_issue', 'delivery', 'issue_id', 'state')

  await keyed(
    table('mailed_paper')
      .addColumn('subscription_id', 'text', (c) => c.notNull().references('subscription.id').onDelete('cascade'))
      .addColumn('paper_id', 'integer', (c) => c.notNull())
      .addPrimaryKeyConstraint('mailed_paper_key', ['subscription_id', 'paper_id']),
  ).execute()

  await table('suppression')
    .addColumn('address_hash', 'text', (c) => c.primaryKey())
    .addColumn('address', 'text')
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('evidence', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .execute()

  await table('mail_return')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('address_hash', 'text', (c) => c.notNull())
    .addColumn('delivery_id', 'text')
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('status', 'text')
    .addColumn('evidence', 'text', (c) => c.notNull())
    .addColumn('received_at', 'text', (c) => c.notNull())
    .execute()
  await index('mail_return_address', 'mail_return', 'address_hash', 'received_at')

  await table('consent')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('subscriber_id', 'text', (c) => c.notNull())
    .addColumn('subscription_id', 'text')
    .addColumn('what', 'text', (c) => c.notNull())
    .addColumn('how', 'text', (c) => c.notNull())
    .addColumn('network', 'text')
    .addColumn('wording', 'text')
    .addColumn('at', 'text', (c) => c.notNull())
    .execute()
  await index('consent_subscriber', 'consent', 'subscriber_id')

  await table('saved_search')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('person_id', 'text', (c) => c.notNull().references('person.id').onDelete('cascade'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('query', 'text', (c) => c.notNull())
    .addColumn('seen_at', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addUniqueConstraint('saved_search_query', ['person_id', 'query'])
    .execute()

  // Addresses that waited for mail to begin are asked to confirm, once; nothing else is ever sent to them before.
  const tokenText = () =>
    sqlite ? sql<string>`lower(hex(randomblob(16)))` : sql<string>`replace(gen_random_uuid()::text, '-', '')`
  await sql`insert into subscriber (id, email, token, created_at)
    select ${tokenText()}, email, ${tokenText()}, created_at from subscription_waiting`.execute(db)
  await sql`insert into subscription (id, subscriber_id, state, want, rhythm, weekdays, hour, zone, length, token, created_at)
    select ${tokenText()}, subscriber.id, 'waiting', '{"kind":"edition"}', 'daily', '12345', 7, 'UTC', 20, ${tokenText()},
      subscriber.created_at from subscriber`.execute(db)
  await db.schema.dropTable('subscription_waiting').execute()
}
