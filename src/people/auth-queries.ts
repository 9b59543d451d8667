import type {
  KyselyPlugin,
  PluginTransformQueryArgs,
  PluginTransformResultArgs,
  QueryResult,
  RootOperationNode,
  UnknownRow,
} from 'kysely'
import type { Db } from '../db/index.ts'
import { placeholderAddress } from './placeholder-address.ts'

/** The database as better-auth sees it: the SQL it makes is its own. */
export const forBetterAuth = (db: Db): Db => db.withPlugin(new NoAddressPlugin())

/**
 * A person may have no address (ORCID gives none); better-auth knows no such people. It is shown an address that cannot
 * exist wherever the column is empty, and everybody else reads the truth.
 */
class NoAddressPlugin implements KyselyPlugin {
  transformQuery({ node }: PluginTransformQueryArgs): RootOperationNode {
    return node
  }

  async transformResult({ result }: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> {
    return { ...result, rows: result.rows.map(withPlaceholder) }
  }
}

function withPlaceholder(row: UnknownRow): UnknownRow {
  const own =
    'email_verified' in row && row.email === null ? { email: placeholderAddress('no-address', String(row.id)) } : {}
  const joined =
    '_joined_person_email_verified' in row && row._joined_person_email === null
      ? { _joined_person_email: placeholderAddress('no-address', String(row._joined_person_id)) }
      : {}
  return { ...row, ...own, ...joined }
}
