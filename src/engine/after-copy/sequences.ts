import { z } from 'zod'
import { type Warning, warning } from '../../errors.ts'
import type { Emit } from '../../events.ts'
import type { Session } from '../../pg/session.ts'
import { sqlstate } from '../../pg/sqlstate.ts'
import { identifier, literal, qualified } from '../../sql/identifier.ts'
import { ownSchema } from '../../sql/own-schema.ts'
import { collectWarnings, isRefusal, serverHint } from '../warnings.ts'

interface SetSequences {
  /** Outside of the snapshot: sequences know no snapshots, and read at the end they're past every copied row. */
  readonly source: Session
  readonly target: Session
  readonly database: string
  readonly emit: Emit
}

/** Gives every sequence that exists on both sides the source's last_value and is_called. */
export async function setSequences({
  source,
  target,
  database,
  emit,
}: SetSequences): Promise<{ readonly count: number; readonly warnings: readonly Warning[] }> {
  const warnings = collectWarnings(emit)
  const there = new Set((await listSequences(target)).map(qualified))
  const listed = (await listSequences(source)).filter((sequence) => there.has(qualified(sequence)))
  for (const sequence of listed.filter(({ readable }) => !readable)) {
    warnings.add(
      warning('sequence-failed', `the value of sequence ${qualified(sequence)} could not be read: no privilege`, {
        database,
        relation: qualified(sequence),
        hint: 'Grant SELECT on the sequence on the source, and start again.',
        sql: `GRANT SELECT ON SEQUENCE ${qualified(sequence)} TO ${identifier(source.settings.user)}`,
      }),
    )
  }
  const values = await readValues(
    source,
    listed.filter(({ readable }) => readable),
  )
  let count = 0
  for (const batch of inBatches(values)) {
    count += await setValues(target, batch, (value, reason, hint) =>
      warnings.add(
        warning('sequence-failed', `sequence ${qualified(value)} was not set: ${reason}`, {
          database,
          relation: qualified(value),
          hint,
          sql: setStatement(value),
        }),
      ),
    )
  }
  return { count, warnings: warnings.list }
}

interface Sequence {
  readonly schema: string
  readonly name: string
}

interface SequenceValue extends Sequence {
  readonly lastValue: string
  readonly isCalled: boolean
}

/** A round trip per so many; more only make the statement's planning longer. */
const batchSize = 500

const sequenceRow = z.object({ schema: z.string(), name: z.string(), readable: z.boolean() })

/** As pg_dump: an extension's own sequences have values of ours only if the extension says so. */
function listSequences(session: Session) {
  return session.rows(
    sequenceRow,
    `select n.nspname as schema, c.relname as name, pg_catalog.has_sequence_privilege(c.oid, 'select') as readable
       from pg_catalog.pg_class c
       join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'S'
        and c.relpersistence <> 't'
        and n.nspname not in ('pg_catalog', 'information_schema', ${literal(ownSchema)})
        and not exists (
          select
            from pg_catalog.pg_depend d
            join pg_catalog.pg_extension e on e.oid = d.refobjid
           where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
             and d.objid = c.oid
             and d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass
             and d.deptype = 'e'
             and c.oid <> all (coalesce(e.extconfig, '{}')))
      order by n.nspname, c.relname`,
  )
}

const valueRow = z.object({ index: z.number(), lastValue: z.string(), isCalled: z.boolean() })

/** `pg_sequences` doesn't tell an unused sequence's value, so each is read itself, many to a statement. */
async function readValues(source: Session, sequences: readonly Sequence[]): Promise<SequenceValue[]> {
  const values: SequenceValue[] = []
  for (const batch of inBatches(sequences)) {
    const branches = batch.map(
      (sequence, index) => `select ${index} as index, last_value::text as "lastValue", is_called as "isCalled" from ${qualified(sequence)}`,
    )
    const rows = await source.rows(valueRow, branches.join('\nunion all\n')).catch(async (error: unknown) => {
      // Someone dropped one in the meantime: then the others alone.
      if (!isRefusal(error) || error.server?.sqlstate !== sqlstate.undefinedTable || batch.length === 1) throw error
      return undefined
    })
    if (rows === undefined) {
      const left = new Set((await listSequences(source)).map(qualified))
      values.push(
        ...(await readValues(
          source,
          batch.filter((one) => left.has(qualified(one))),
        )),
      )
    } else {
      for (const { index, ...value } of rows) {
        const sequence = batch[index]
        if (sequence !== undefined) values.push({ schema: sequence.schema, name: sequence.name, ...value })
      }
    }
  }
  return values
}

/** When one of a batch is refused, all of it is, and each is tried alone. */
async function setValues(
  target: Session,
  batch: readonly SequenceValue[],
  failed: (value: SequenceValue, reason: string, hint: string) => void,
): Promise<number> {
  try {
    const { count } = await target.one(
      z.object({ count: z.number() }),
      `select count(pg_catalog.setval(c.oid::pg_catalog.regclass, v.last_value, v.is_called))::int as count
         from rows from (
                pg_catalog.unnest($1::text[]),
                pg_catalog.unnest($2::text[]),
                pg_catalog.unnest($3::bigint[]),
                pg_catalog.unnest($4::boolean[])
              ) as v(schema, name, last_value, is_called)
         join pg_catalog.pg_namespace n on n.nspname = v.schema
         join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = v.name and c.relkind = 'S'`,
      [batch.map((one) => one.schema), batch.map((one) => one.name), batch.map((one) => one.lastValue), batch.map((one) => one.isCalled)],
    )
    return count
  } catch (error) {
    if (!isRefusal(error)) throw error
    const [only] = batch
    if (only !== undefined && batch.length === 1) {
      failed(only, error.message, serverHint(error))
      return 0
    }
    let count = 0
    for (const one of batch) count += await setValues(target, [one], failed)
    return count
  }
}

function setStatement(value: SequenceValue): string {
  return `SELECT pg_catalog.setval(${literal(qualified(value))}, ${value.lastValue}, ${value.isCalled})`
}

function inBatches<T>(all: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(all.length / batchSize) }, (_, index) => all.slice(index * batchSize, (index + 1) * batchSize))
}
