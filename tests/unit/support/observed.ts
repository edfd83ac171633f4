import type {
  Observed,
  ObservedCatalog,
  ObservedColumn,
  ObservedDatabase,
  ObservedLedger,
  ObservedPair,
  ObservedRelation,
  ObservedRole,
  ObservedServer,
  ObservedTarget,
  ObservedTargetContent,
} from '../../../src/plan/observed.ts'

/** Two servers of today without anything to complain of; each function takes what a test wants to be otherwise. */
export function observed(overrides: Partial<Observed> = {}): Observed {
  return {
    source: server(),
    target: server({ host: 'new.example.com', systemIdentifier: '7000000000000000002' }),
    tools: {
      pgDump: { path: '/usr/lib/postgresql/18/bin/pg_dump', major: 18, version: '18.1' },
      pgRestore: { path: '/usr/lib/postgresql/18/bin/pg_restore', major: 18, version: '18.1' },
      looked: ['/usr/lib/postgresql'],
    },
    processors: 4,
    databases: [pair()],
    replication: null,
    ...overrides,
  }
}

export function server(overrides: Partial<ObservedServer> = {}): ObservedServer {
  return {
    host: 'db.example.com',
    port: 5432,
    versionNumber: 170_005,
    version: '17.5',
    systemIdentifier: '7000000000000000001',
    user: 'app',
    superuser: false,
    createDatabase: true,
    createRole: true,
    replication: true,
    inRecovery: false,
    settings: new Map([
      ['default_transaction_read_only', 'off'],
      ['shared_preload_libraries', ''],
      ['wal_level', 'logical'],
      ['max_replication_slots', '10'],
      ['max_wal_senders', '10'],
      ['max_slot_wal_keep_size', '-1'],
      ['max_logical_replication_workers', '4'],
      ['max_sync_workers_per_subscription', '2'],
      ['max_worker_processes', '8'],
    ]),
    connections: { maximum: 100, reserved: 3, used: 10 },
    tls: 'TLSv1.3',
    pooler: false,
    ipv6Only: false,
    databases: [database({ name: 'postgres', oid: 5 })],
    roles: [role({ name: 'app' })],
    tablespaces: ['pg_default', 'pg_global'],
    availableExtensions: new Map([['plpgsql', { defaultVersion: '1.0', versions: ['1.0'] }]]),
    locales: ['C', 'C.utf8', 'POSIX', 'en_US.utf8', 'en-US-x-icu'],
    longTransactions: [],
    preparedTransactions: [],
    ...overrides,
  }
}

export function database(overrides: Partial<ObservedDatabase> = {}): ObservedDatabase {
  return {
    name: 'shop',
    oid: 16_384,
    owner: 'app',
    encoding: 'UTF8',
    localeProvider: 'c',
    collate: 'en_US.UTF-8',
    ctype: 'en_US.UTF-8',
    locale: null,
    icuRules: null,
    collationVersion: null,
    isTemplate: false,
    allowConnections: true,
    canConnect: true,
    connectionLimit: -1,
    tablespace: 'pg_default',
    comment: null,
    acl: null,
    settings: [],
    bytes: 10_000_000n,
    ...overrides,
  }
}

export function role(overrides: Partial<ObservedRole> = {}): ObservedRole {
  return {
    name: 'app',
    superuser: false,
    inherit: true,
    createRole: false,
    createDatabase: false,
    login: true,
    replication: false,
    bypassRls: false,
    connectionLimit: -1,
    validUntil: null,
    comment: null,
    settings: [],
    memberOf: [],
    usable: true,
    passwordReadable: true,
    ...overrides,
  }
}

export function pair(overrides: Partial<ObservedPair> = {}): ObservedPair {
  return { source: database(), catalog: catalog(), target: null, ...overrides }
}

export function target(content: Partial<ObservedTargetContent> | null = {}, overrides: Partial<ObservedDatabase> = {}): ObservedTarget {
  return {
    database: database({ oid: 24_576, ...overrides }),
    content: content && {
      foreignObjects: [],
      foreignObjectCount: 0,
      schemas: ['public'],
      extensions: new Map([['plpgsql', '1.0']]),
      canCreateSchemas: true,
      canCreateInPublic: true,
      eventTriggers: [],
      ledger: null,
      ...content,
    },
  }
}

export function ledger(overrides: Partial<ObservedLedger> = {}): ObservedLedger {
  return {
    sourceSystemIdentifier: '7000000000000000001',
    sourceDatabaseOid: 16_384,
    fingerprint: 'f',
    asOf: '2025-01-01 00:00:00+00',
    preDataDone: true,
    complete: false,
    scope: null,
    lanes: [],
    copied: [],
    ...overrides,
  }
}

export function catalog(overrides: Partial<ObservedCatalog> = {}): ObservedCatalog {
  return {
    relations: [relation()],
    extensions: [{ name: 'plpgsql', version: '1.0', schema: 'pg_catalog' }],
    hypertables: [],
    eventTriggers: [],
    newerObjects: [],
    largeObjects: { count: 0n, unreadable: 0n, bytes: 0n },
    foreignKeys: [],
    closedSchemas: [],
    unreadableSequences: [],
    tablespaces: [],
    languages: [],
    roles: ['app'],
    owners: ['app'],
    hasUserObjects: true,
    dependencies: [],
    asOf: '2025-01-01 00:00:00+00',
    filters: new Map(),
    partialKeys: [],
    ...overrides,
  }
}

export function relation(overrides: Partial<ObservedRelation> = {}): ObservedRelation {
  return {
    oid: 16_400,
    schema: 'public',
    name: 'item',
    kind: 'table',
    owner: 'app',
    unlogged: false,
    parents: [],
    isPartition: false,
    partOf: null,
    isHypertable: false,
    routedByOid: false,
    estimatedRows: 1000n,
    analyzed: true,
    heapBytes: 81_920n,
    toastBytes: 0n,
    indexBytes: 16_384n,
    blocks: 10,
    indexes: 1,
    columns: [column(), column({ name: 'title', type: 'text', notNull: false })],
    primaryKey: 'immediate',
    replicaIdentity: 'd',
    identityColumns: ['id'],
    incomparableColumns: [],
    canPublish: true,
    rowSecurity: 'off',
    rowSecurityActive: false,
    triggers: [],
    canSelect: true,
    extensionData: null,
    splitKey: null,
    ...overrides,
  }
}

export function column(overrides: Partial<ObservedColumn> = {}): ObservedColumn {
  return { name: 'id', type: 'bigint', notNull: true, generated: '', identity: '', transfer: { kind: 'binary' }, ...overrides }
}

/** The server's settings with these. */
export function settings(values: Readonly<Record<string, string>>): Pick<ObservedServer, 'settings'> {
  return {
    settings: new Map([...server().settings, ...Object.entries(values)]),
  }
}
