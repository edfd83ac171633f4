interface CommandLine {
  readonly flags: readonly string[]
  /** The same for the action. */
  readonly inputs: Readonly<Record<string, string>>
  readonly databases: readonly string[]
  /** Of the tables that aren't copied whole. */
  readonly rules: Readonly<Record<string, string>>
  /** As they're used, on 31 May 2026 at noon. */
  readonly filters?: Readonly<Record<string, string>>
}

const everything = ['analytics', 'myapp', 'staging', 'test']
const myapp = ['audit_logs', 'billing_events', 'cache', 'logs', 'metrics', 'orders', 'output', 'temp', 'transactions', 'users']
const analytics = ['evmlog_strides', 'events', 'large_table', 'metrics', 'output', 'temp_data']

/** Of the original tool's README, all that are about selection. */
export const originalCommandLines: readonly CommandLine[] = [
  {
    flags: ['--include-databases', 'myapp,analytics'],
    inputs: { 'include-databases': 'myapp,analytics' },
    databases: ['analytics', 'myapp'],
    rules: {},
  },
  {
    flags: ['--exclude-databases', 'test,staging'],
    inputs: { 'exclude-databases': '# not these\ntest\nstaging' },
    databases: ['analytics', 'myapp'],
    rules: {},
  },
  {
    flags: ['--include-tables', 'myapp.users,myapp.orders,analytics.events'],
    inputs: { 'include-tables': 'myapp.users, myapp.orders\nanalytics.events' },
    databases: ['analytics', 'myapp'],
    rules: {
      ...all(
        'analytics',
        analytics.filter((name) => name !== 'events'),
        'excluded',
      ),
      ...all(
        'myapp',
        myapp.filter((name) => name !== 'users' && name !== 'orders'),
        'excluded',
      ),
    },
  },
  {
    flags: ['--exclude-tables', 'myapp.logs,myapp.cache,analytics.temp_data'],
    inputs: { 'exclude-tables': 'myapp.logs\nmyapp.cache\nanalytics.temp_data' },
    databases: everything,
    rules: { 'myapp.logs': 'excluded', 'myapp.cache': 'excluded', 'analytics.temp_data': 'excluded' },
  },
  {
    flags: ['--schema-only-tables', 'myapp.audit_logs,analytics.evmlog_strides'],
    inputs: { 'schema-only-tables': 'myapp.audit_logs,analytics.evmlog_strides' },
    databases: everything,
    rules: { 'myapp.audit_logs': 'schema-only', 'analytics.evmlog_strides': 'schema-only' },
  },
  {
    flags: ['--schema-only-tables', 'analytics.large_table,public.temp'],
    inputs: { 'schema-only-tables': 'analytics.large_table\npublic.temp' },
    databases: everything,
    rules: { 'analytics.large_table': 'schema-only', 'myapp.temp': 'schema-only' },
  },
  {
    flags: ['--table-filter', "output:series_time >= NOW() - INTERVAL '6 months'"],
    inputs: { 'table-filters': "output:series_time >= NOW() - INTERVAL '6 months'" },
    databases: everything,
    rules: { 'analytics.output': 'filtered', 'myapp.output': 'filtered' },
    filters: {
      'myapp.output': "series_time >= '2025-11-30 12:00:00+00'::timestamp with time zone",
      'analytics.output': "series_time >= '2025-11-30 12:00:00'::timestamp without time zone",
    },
  },
  {
    flags: ['--table-filter', "transactions:status IN ('active','pending')"],
    inputs: { 'table-filters': "transactions:status IN ('active','pending')" },
    databases: everything,
    rules: { 'myapp.transactions': 'filtered' },
    filters: { 'myapp.transactions': "status IN ('active','pending')" },
  },
  {
    flags: ['--table-filter', "analytics.events:created_at > NOW() - INTERVAL '90 days'"],
    inputs: { 'table-filters': "analytics.events:created_at > NOW() - INTERVAL '90 days'" },
    databases: everything,
    rules: { 'analytics.events': 'filtered' },
    filters: { 'analytics.events': "created_at > '2026-03-02 12:00:00+00'::timestamp with time zone" },
  },
  {
    flags: ['--include-databases', 'myapp', '--time-filter', 'metrics:created_at:6 months'],
    inputs: { 'include-databases': 'myapp', 'time-filters': 'metrics:created_at:6 months' },
    databases: ['myapp'],
    rules: { 'myapp.metrics': 'filtered' },
    filters: { 'myapp.metrics': `"created_at" >= '2025-11-30 12:00:00+00'::timestamp with time zone` },
  },
  {
    flags: ['--time-filter', 'metrics:created_at:6 months', '--time-filter', 'billing_events:event_time:1 year'],
    inputs: { 'time-filters': 'metrics:created_at:6 months\nbilling_events:event_time:1 year' },
    databases: everything,
    rules: { 'myapp.billing_events': 'filtered', 'myapp.metrics': 'filtered', 'analytics.metrics': 'filtered' },
    filters: {
      'myapp.metrics': `"created_at" >= '2025-11-30 12:00:00+00'::timestamp with time zone`,
      'analytics.metrics': `"created_at" >= '2025-12-01'::date`,
      'myapp.billing_events': `"event_time" >= '2025-05-31 12:00:00'::timestamp without time zone`,
    },
  },
  {
    flags: ['--time-filter', 'analytics.metrics:timestamp:6 months'],
    inputs: { 'time-filters': 'analytics.metrics:timestamp:6 months' },
    databases: everything,
    rules: { 'analytics.metrics': 'filtered' },
    filters: { 'analytics.metrics': `"timestamp" >= '2025-11-30 12:00:00+00'::timestamp with time zone` },
  },
  {
    flags: [
      ...['--include-databases', 'myapp,analytics', '--exclude-tables', 'myapp.logs'],
      ...['--schema-only-tables', 'analytics.evmlog_strides', '--time-filter', 'analytics.metrics:created_at:6 months'],
    ],
    inputs: {
      'include-databases': 'myapp,analytics',
      'exclude-tables': 'myapp.logs',
      'schema-only-tables': 'analytics.evmlog_strides',
      'time-filters': 'analytics.metrics:created_at:6 months',
    },
    databases: ['analytics', 'myapp'],
    rules: { 'myapp.logs': 'excluded', 'analytics.evmlog_strides': 'schema-only', 'analytics.metrics': 'filtered' },
    filters: { 'analytics.metrics': `"created_at" >= '2025-12-01'::date` },
  },
]

function all(database: string, tables: readonly string[], rule: string): Record<string, string> {
  return Object.fromEntries(tables.map((table) => [`${database}.${table}`, rule]))
}
