import type { Problem, Warning } from '../../errors.ts'
import { applyTriggers } from './apply-triggers.ts'
import { collations } from './collations.ts'
import { columnTypes } from './column-types.ts'
import { connections } from './connections.ts'
import { droppable } from './droppable.ts'
import { encodings } from './encodings.ts'
import { eventTriggers } from './event-triggers.ts'
import { extensions } from './extensions.ts'
import { forcedRowSecurity } from './forced-row-security.ts'
import { foreignKeys } from './foreign-keys.ts'
import { foreignTables } from './foreign-tables.ts'
import { generatedColumns } from './generated-columns.ts'
import { hypertables } from './hypertables.ts'
import { ipv6 } from './ipv6.ts'
import { largeObjectPrivileges } from './large-object-privileges.ts'
import { leftOut } from './left-out.ts'
import { locales } from './locales.ts'
import { longTransactions } from './long-transactions.ts'
import { lostSlots } from './lost-slots.ts'
import { missingRoles } from './missing-roles.ts'
import { notReplicated } from './not-replicated.ts'
import { nothingSelected } from './nothing-selected.ts'
import { outputPlugin } from './output-plugin.ts'
import { ownership } from './ownership.ts'
import { pooler } from './pooler.ts'
import { preloadLibraries } from './preload-libraries.ts'
import { preparedTransactions } from './prepared-transactions.ts'
import { publicationPrivileges } from './publication-privileges.ts'
import { publisherReachable } from './publisher-reachable.ts'
import { replicaIdentity } from './replica-identity.ts'
import { replicationConflicts } from './replication-conflicts.ts'
import { replicationConnection } from './replication-connection.ts'
import { reservedRoles } from './reserved-roles.ts'
import { roleAttributes } from './role-attributes.ts'
import { rolePasswords } from './role-passwords.ts'
import { routedReplication } from './routed-replication.ts'
import { rowFilters } from './row-filters.ts'
import { rowSecurity } from './row-security.ts'
import type { Rule, RuleInput } from './rule.ts'
import { sameDatabase } from './same-database.ts'
import { scopeChanged } from './scope-changed.ts'
import { slots } from './slots.ts'
import { sourcePrivileges } from './source-privileges.ts'
import { subscriptionPassword } from './subscription-password.ts'
import { subscriptionPrivileges } from './subscription-privileges.ts'
import { subscriptionTls } from './subscription-tls.ts'
import { tablespaces } from './tablespaces.ts'
import { targetEmpty } from './target-empty.ts'
import { targetFeatures } from './target-features.ts'
import { targetPrivileges } from './target-privileges.ts'
import { targetWritable } from './target-writable.ts'
import { textTransfer } from './text-transfer.ts'
import { timescaledb } from './timescaledb.ts'
import { tls } from './tls.ts'
import { tools } from './tools.ts'
import { triggers } from './triggers.ts'
import { truncateSets } from './truncate-sets.ts'
import { versions } from './versions.ts'
import { walLevel } from './wal-level.ts'
import { walRetention } from './wal-retention.ts'
import { workers } from './workers.ts'

/** All findings at once, in the order of the lists below: what harms most comes first. */
export function runRules(input: RuleInput): (Problem | Warning)[] {
  return rulesFor(input.config).flatMap((rule) => rule(input))
}

function rulesFor({ command, snapshotOnly, addTables }: RuleInput['config']): readonly Rule[] {
  switch (command) {
    case 'verify':
      return comparison
    case 'sync':
    case 'cutover':
      return addTables ? [...following, ...adding] : following
    case 'status':
      return attending
    case 'cleanup':
      return [sameDatabase]
    default:
      return snapshotOnly ? snapshot : [...snapshot, ...continuous]
  }
}

/** What copying needs. */
const snapshot: readonly Rule[] = [
  // What is meant, and whether it's safe.
  nothingSelected,
  leftOut,
  sameDatabase,
  targetEmpty,
  scopeChanged,
  // Servers, connections, tools.
  versions,
  tools,
  targetWritable,
  pooler,
  ipv6,
  tls,
  connections,
  // What our roles may do.
  sourcePrivileges,
  rowSecurity,
  largeObjectPrivileges,
  targetPrivileges,
  droppable,
  // What the target must have.
  targetFeatures,
  extensions,
  timescaledb,
  preloadLibraries,
  encodings,
  locales,
  collations,
  tablespaces,
  missingRoles,
  reservedRoles,
  roleAttributes,
  rolePasswords,
  ownership,
  // What the source has, and when.
  columnTypes,
  textTransfer,
  foreignKeys,
  foreignTables,
  eventTriggers,
  triggers,
  generatedColumns,
  longTransactions,
  preparedTransactions,
]

/** What comparing needs, which changes nothing. */
const comparison: readonly Rule[] = [
  nothingSelected,
  sameDatabase,
  versions,
  pooler,
  ipv6,
  tls,
  connections,
  sourcePrivileges,
  rowSecurity,
  largeObjectPrivileges,
]

/** What it takes to follow what is copied, beyond the copy. */
const replication: readonly Rule[] = [
  walLevel,
  outputPlugin,
  replicationConnection,
  slots,
  workers,
  subscriptionPrivileges,
  subscriptionPassword,
  publisherReachable,
  subscriptionTls,
  replicationConflicts,
  lostSlots,
]

/** What it takes to publish tables; those that are published already are not asked again. */
const publication: readonly Rule[] = [
  hypertables,
  publicationPrivileges,
  replicaIdentity,
  rowFilters,
  routedReplication,
  forcedRowSecurity,
  truncateSets,
]

/** What replication after the copy needs besides. */
const continuous: readonly Rule[] = [...replication, ...publication, walRetention, notReplicated, applyTriggers]

/** What `sync` needs: everything is there. */
const following: readonly Rule[] = [nothingSelected, sameDatabase, versions, targetWritable, pooler, ipv6, tls, ...replication]

/** And where it brings in tables. */
const adding: readonly Rule[] = [
  leftOut,
  tools,
  connections,
  sourcePrivileges,
  rowSecurity,
  targetFeatures,
  columnTypes,
  textTransfer,
  ...publication,
]

/** What looking at it needs. */
const attending: readonly Rule[] = [nothingSelected, sameDatabase, versions, pooler, tls]
