import { functionName, type InventoryClass } from './inventory-class.ts'

export const textSearch = (): InventoryClass[] => [
  {
    catalog: 'pg_ts_config',
    schema: 'x.cfgnamespace',
    owner: 'x.cfgowner',
    facts: {
      parser: `select pg_catalog.format('%I.%I', n.nspname, p.prsname)
                 from pg_catalog.pg_ts_parser p
                 join pg_catalog.pg_namespace n on n.oid = p.prsnamespace
                where p.oid = x.cfgparser`,
      mappings: `select pg_catalog.string_agg(pg_catalog.format('%s: %s', t.alias, m.mapdict::pg_catalog.regdictionary), ', ' order by t.tokid, m.mapseqno)
                   from pg_catalog.pg_ts_config_map m
                   join pg_catalog.ts_token_type(x.cfgparser) t on t.tokid = m.maptokentype
                  where m.mapcfg = x.oid`,
    },
  },
  {
    catalog: 'pg_ts_dict',
    schema: 'x.dictnamespace',
    owner: 'x.dictowner',
    facts: {
      template: `select pg_catalog.format('%I.%I', n.nspname, t.tmplname)
                   from pg_catalog.pg_ts_template t
                   join pg_catalog.pg_namespace n on n.oid = t.tmplnamespace
                  where t.oid = x.dicttemplate`,
      options: 'x.dictinitoption',
    },
  },
  {
    catalog: 'pg_ts_parser',
    schema: 'x.prsnamespace',
    facts: {
      start: functionName('x.prsstart'),
      token: functionName('x.prstoken'),
      end: functionName('x.prsend'),
      headline: functionName('x.prsheadline'),
      types: functionName('x.prslextype'),
    },
  },
  {
    catalog: 'pg_ts_template',
    schema: 'x.tmplnamespace',
    facts: { init: functionName('x.tmplinit'), lexize: functionName('x.tmpllexize') },
  },
]
