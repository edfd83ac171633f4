import type { Config, ConnectionSettings } from '../../../src/config/config.ts'

export function connectionSettings(overrides: Partial<ConnectionSettings> = {}): ConnectionSettings {
  return {
    hosts: [{ host: 'db.example.com', port: 5432 }],
    user: 'app',
    password: undefined,
    database: 'postgres',
    parameters: new Map([
      ['sslmode', 'verify-full'],
      ['sslrootcert', 'system'],
    ]),
    ...overrides,
  }
}

export function config(overrides: Partial<Config> = {}): Config {
  return {
    command: 'validate',
    source: connectionSettings(),
    target: connectionSettings({ hosts: [{ host: 'new.example.com', port: 5432 }] }),
    scope: {
      includeDatabases: [],
      excludeDatabases: [],
      includeTables: [],
      excludeTables: [],
      schemaOnlyTables: [],
      tableFilters: [],
      timeFilters: [],
      followForeignKeys: false,
    },
    dropExisting: false,
    resume: true,
    yes: false,
    snapshotOnly: false,
    jobs: undefined,
    timeBudget: undefined,
    maxLagBytes: undefined,
    maxLagSeconds: undefined,
    wait: undefined,
    replicaIdentity: 'refuse',
    addTables: false,
    sourceFromTarget: undefined,
    subscriptionCredentials: 'inline',
    heartbeat: true,
    maxHold: 0.5,
    dryRun: false,
    watch: false,
    clientTools: { kind: 'auto' },
    mayInstall: false,
    report: undefined,
    ...overrides,
  }
}
