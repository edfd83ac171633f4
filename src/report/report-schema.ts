import { z } from 'zod'
import { codes, exitCodes, type Outcome } from '../errors.ts'
import { toolName } from '../version.ts'
import { replicationSchema } from './replication-schema.ts'

const count = z.int().nonnegative()

export const findingSchema = z.strictObject({
  code: z.enum(codes),
  message: z.string(),
  hint: z.string().optional(),
  sql: z.string().optional().describe('Statements that mend it, to be run by someone who may.'),
  database: z.string().optional(),
  relation: z.string().optional().describe('Quoted and schema-qualified.'),
  position: z
    .strictObject({ file: z.string(), line: count, column: count })
    .optional()
    .describe('Where the mistake stands in the config file.'),
})

const server = z.strictObject({
  host: z.string(),
  port: count,
  version: z.string(),
  systemIdentifier: z.string().describe('Empty where the role may not read it.'),
})

export const verificationSchema = z.strictObject({
  result: z.enum(['equal', 'different', 'skipped']),
  sourceRows: count.nullable(),
  targetRows: count.nullable(),
  sourceChecksum: z.string().nullable().describe('Two 64-bit sums, 32 hex digits.'),
  targetChecksum: z.string().nullable(),
  differences: z.array(z.string()).describe('How it differs, or why it was skipped, in words.'),
})

export const tableSchema = z.strictObject({
  schema: z.string(),
  table: z.string(),
  rule: z.enum(['copy', 'filtered', 'schema-only', 'excluded', 'empty']),
  filter: z
    .strictObject({ given: z.string(), used: z.string().describe('With all that reads the clock fixed.') })
    .optional()
    .describe('The condition on the rows that come along.'),
  estimatedRows: count.describe('Of those that come along.'),
  bytes: count.describe('Heap and TOAST: what is read to copy it.'),
  heapBytes: count,
  toastBytes: count,
  indexBytes: count,
  format: z.enum(['binary', 'text']).optional(),
  parts: count.optional(),
  copiedRows: count.optional(),
  copiedBytes: count.optional().describe('As they travelled.'),
  seconds: z.number().nonnegative().optional(),
  resumed: z.boolean().optional().describe('It was complete before this run.'),
  failure: findingSchema.optional(),
  verify: verificationSchema.optional(),
  published: z.enum(['changes', 'inserts']).nullable().optional().describe('What of its changes replication brings; null: nothing.'),
  tableSync: z.boolean().optional().describe("Its rows are left to the target server's own table synchronisation."),
})

const difference = z.strictObject({
  kind: z.enum(['missing', 'extra', 'different']),
  object: z.string(),
  identity: z.string(),
  source: z.string().optional(),
  target: z.string().optional(),
})

const leftOutObject = z.strictObject({
  object: z.string().describe('"view public.film_list"'),
  needs: z.string().describe('What it can’t be without: "table public.film"'),
})

const step = z.strictObject({
  database: z.string(),
  side: z.enum(['source', 'target']),
  what: z.string(),
  sql: z.string(),
  done: z.boolean(),
})

export const databaseSchema = z.strictObject({
  name: z.string(),
  action: z.enum(['create', 'fill', 'resume', 'complete', 'recreate']).optional(),
  tables: z.array(tableSchema),
  leftOut: z.array(leftOutObject).optional().describe("What isn't on the target since it needs an excluded table."),
  schemaDifferences: z.array(difference).optional(),
  largeObjects: z.strictObject({ count, bytes: count, verify: z.enum(['equal', 'different']).optional() }).optional(),
  replication: replicationSchema.optional(),
})

/** The report's definition; docs/report.schema.json is made from it. */
export const reportSchema = z.strictObject({
  schemaVersion: z.literal(1),
  tool: z.strictObject({ name: z.literal(toolName), version: z.string() }),
  command: z.string(),
  outcome: z.enum(Object.keys(exitCodes) as [Outcome, ...Outcome[]]),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  source: server.nullable(),
  target: server.nullable(),
  problems: z.array(findingSchema),
  warnings: z.array(findingSchema),
  planDigest: z.string().optional(),
  estimatedSeconds: z.number().nonnegative().nullable().optional(),
  jobs: count.optional(),
  databases: z.array(databaseSchema),
  steps: z.array(step).optional().describe('What `cleanup` removes, in order.'),
})

export type Report = z.infer<typeof reportSchema>
