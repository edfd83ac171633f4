import { aggregates } from './aggregates.ts'
import { casts } from './casts.ts'
import { collations } from './collations.ts'
import { attributes, columns } from './columns.ts'
import { constraints } from './constraints.ts'
import { types } from './data-types.ts'
import { defaultPrivileges } from './default-privileges.ts'
import { eventTriggers } from './event-triggers.ts'
import { extensions } from './extensions.ts'
import { foreignData, userMappings } from './foreign-data.ts'
import { functions } from './functions.ts'
import { indexes } from './indexes.ts'
import type { InventoryClass, Majors } from './inventory-class.ts'
import { languages } from './languages.ts'
import { operatorClasses } from './operator-classes.ts'
import { operators } from './operators.ts'
import { policies } from './policies.ts'
import { rules } from './rules.ts'
import { schemas } from './schemas.ts'
import { sequences } from './sequences.ts'
import { statistics } from './statistics.ts'
import { tables } from './tables.ts'
import { textSearch } from './text-search.ts'
import { triggers } from './triggers.ts'
import { views } from './views.ts'

/** Every class of objects that a dump carries, in the order in which differences are told. */
export function inventoryClasses(majors: Majors): InventoryClass[] {
  const classes = [
    extensions,
    languages,
    schemas,
    types,
    attributes,
    functions,
    aggregates,
    operators,
    operatorClasses,
    casts,
    collations,
    textSearch,
    foreignData,
    userMappings,
    tables,
    columns,
    sequences,
    views,
    constraints,
    indexes,
    statistics,
    triggers,
    rules,
    policies,
    eventTriggers,
    defaultPrivileges,
  ]
  return classes.flatMap((make: (majors: Majors) => InventoryClass | InventoryClass[]) => make(majors))
}
