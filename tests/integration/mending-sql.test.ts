import { describe, expect, test } from 'vitest'
import { eventTriggers } from '../../src/plan/rules/event-triggers.ts'
import { largeObjectPrivileges } from '../../src/plan/rules/large-object-privileges.ts'
import { ownership } from '../../src/plan/rules/ownership.ts'
import { preloadLibraries } from '../../src/plan/rules/preload-libraries.ts'
import { rowSecurity } from '../../src/plan/rules/row-security.ts'
import { sourcePrivileges } from '../../src/plan/rules/source-privileges.ts'
import { targetPrivileges } from '../../src/plan/rules/target-privileges.ts'
import { targetWritable } from '../../src/plan/rules/target-writable.ts'
import { databasePair } from '../support/database-pair.ts'
import { catalog, database, pair, relation, role, target as there } from '../unit/support/observed.ts'
import { having, holding, ruleInput, scoped } from '../unit/support/rule-input.ts'

const user = `Read"er's`
const awkward = { schema: 'My "Schema"', name: 'T "1"' }

describe.each([12, 18] as const)('the SQL that findings propose, on %i', (major) => {
  test('mends what is missing', async (context) => {
    const { source } = await databasePair(context, { source: major, target: major, own: true })
    await source.query(`
      CREATE ROLE "Read""er's" LOGIN; CREATE ROLE "Own er";
      REVOKE CONNECT ON DATABASE "${source.name}" FROM PUBLIC;
      CREATE SCHEMA "My ""Schema""";
      CREATE TABLE "My ""Schema"""."T ""1""" (id bigserial);
      CREATE TABLE many AS SELECT 1;
      CREATE FUNCTION guard() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
      CREATE EVENT TRIGGER "Guard" ON ddl_command_end EXECUTE FUNCTION guard();
      SELECT lo_create(0)`)
    const named = { source: { user }, target: { user, versionNumber: major * 10_000, roles: [role({ name: 'Own er', usable: false })] } }
    const here = database({ name: source.name, canConnect: false })
    const many = Array.from({ length: 11 }, () => ({ name: 'many', canSelect: false }))
    const findings = [
      ...sourcePrivileges(ruleInput({ ...named, databases: [scoped({ in: { source: here, catalog: null } })] })),
      ...sourcePrivileges(ruleInput({ ...named, databases: [holding([{ ...awkward, canSelect: false }]), holding(many)] })),
      ...sourcePrivileges(
        ruleInput({
          ...named,
          databases: [having({ closedSchemas: [awkward.schema], unreadableSequences: [{ ...awkward, name: 'T "1"_id_seq' }] })],
        }),
      ),
      ...rowSecurity(ruleInput({ ...named, databases: [holding([{ rowSecurityActive: true }])] })),
      ...targetPrivileges(ruleInput({ ...named, target: { ...named.target, createDatabase: false } })),
      ...targetPrivileges(
        ruleInput({
          ...named,
          databases: [scoped({ in: { source: here, target: there({ canCreateSchemas: false, canCreateInPublic: false }) } })],
        }),
      ),
      ...ownership(ruleInput({ ...named, target: { ...named.target, createRole: false }, databases: [holding([{ owner: 'Own er' }])] })),
      ...eventTriggers(ruleInput({ ...named, databases: [scoped({ in: { target: there({ eventTriggers: ['Guard'] }) } })] })),
      ...preloadLibraries(
        ruleInput({ databases: [having({ extensions: [{ name: 'pg_stat_statements', version: '1', schema: 'public' }] })] }),
      ),
      ...targetWritable(ruleInput({ target: { settings: new Map([['default_transaction_read_only', 'on']]) } })),
    ]
    expect(findings).toHaveLength(13)
    for (const statement of findings.flatMap(({ sql }) => (sql ?? '').split('\n'))) await source.query(statement)

    expect(
      await source.query(
        `SELECT has_database_privilege($1, current_database(), 'CONNECT') AND has_database_privilege($1, current_database(), 'CREATE') AS database,
                has_schema_privilege($1, 'My "Schema"', 'USAGE') AND has_schema_privilege($1, 'public', 'CREATE') AS schema,
                has_table_privilege($1, '"My ""Schema"""."T ""1"""', 'SELECT') AND has_table_privilege($1, 'many', 'SELECT') AS tables,
                has_sequence_privilege($1, '"My ""Schema"""."T ""1""_id_seq"', 'SELECT') AS sequence,
                pg_has_role($1, 'Own er', 'MEMBER') AS member,
                (SELECT rolcreatedb AND rolbypassrls FROM pg_roles WHERE rolname = $1) AS attributes,
                (SELECT evtenabled = 'D' FROM pg_event_trigger) AS disabled`,
        [user],
      ),
    ).toEqual([{ database: 't', schema: 't', tables: 't', sequence: 't', member: 't', attributes: 't', disabled: 't' }])

    const [lo] = largeObjectPrivileges(
      ruleInput({
        ...named,
        databases: [
          scoped({ pair: pair({ catalog: catalog({ relations: [relation()], largeObjects: { count: 1n, unreadable: 1n, bytes: 0n } }) }) }),
        ],
      }),
    )
    const statements = await source.query<{ format: string }>(lo?.sql?.replace('\\gexec', '') ?? '')
    for (const { format } of statements) await source.query(format)
    expect(await source.query('SELECT lomacl::text ~ $1 AS granted FROM pg_largeobject_metadata', ['Read.*=r/'])).toEqual([
      { granted: 't' },
    ])
  })
})
