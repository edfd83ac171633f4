import type { Problem, Warning } from '../../errors.ts'
import { applyTriggers } from './apply-triggers.ts'
import { collations } from './collations.ts'
import { columnTypes } from './column-types.ts'
import { connections } from './connections.ts'
import { droppable } from './droppable.ts'
import { encodings } from './encodings.ts'
import { eventTriggers } from './event-triggers.ts'
import { extensions } from './extensions.ts'
import { foreignTables } from './foreign-tables.ts'
import { generatedColumns } from './generated-columns.ts'
import { ipv6 } from './ipv6.ts'
import { largeObjectPrivileges } from './large-object-privileges.ts'
import { locales } from './locales.ts'
import { longTransactions } from './long-transactions.ts'
import { missingRoles } from './missing-roles.ts'
import { notReplicated } from './not-replicated.ts'
import { nothingSelected } from './nothing-selected.ts'
import { ownership } from './ownership.ts'
import { pooler } from './pooler.ts'
import { preloadLibraries } from './preload-libraries.ts'
import { preparedTransactions } from './prepared-transactions.ts'
import { reservedRoles } from './reserved-roles.ts'
import { roleAttributes } from './role-attributes.ts'
import { rolePasswords } from './role-passwords.ts'
import { rowSecurity } from './row-security.ts'
import type { Rule, RuleInput } from './rule.ts'
import { sameDatabase } from './same-database.ts'
import { sourcePrivileges } from './source-privileges.ts'
import { tablespaces } from './tablespaces.ts'
import { targetEmpty } from './target-empty.ts'
import { targetFeatures } from './target-features.ts'
import { targetPrivileges } from './target-privileges.ts'
import { targetWritable } from './target-writable.ts'
import { textTransfer } from './text-transfer.ts'
import { tls } from './tls.ts'
import { tools } from './tools.ts'
import { triggers } from './triggers.ts'
import { versions } from './versions.ts'

/** All findings at once, in the order of the lists below: what harms most comes first. */
export function runRules(input: RuleInput): (Problem | Warning)[] {
  return rulesFor(input.config).flatMap((rule) => rule(input))
}

function rulesFor({ command, snapshotOnly }: RuleInput['config']): readonly Rule[] {
  if (command === 'verify' || command === 'sync') return comparison
  return snapshotOnly ? snapshot : [...snapshot, ...continuous]
}

/** What copying needs. */
const snapshot: readonly Rule[] = [
  // What is meant, and whether it's safe.
  nothingSelected,
  sameDatabase,
  targetEmpty,
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

/** What replication after the copy needs besides. */
const continuous: readonly Rule[] = [notReplicated, applyTriggers]
