import type { InventoryClass, Majors } from './inventory-class.ts'

/** Collations and conversions. An ICU locale has had a column of its own since 15, under its present name since 17. */
export const collations = ({ own, common }: Majors): InventoryClass[] => [
  {
    catalog: 'pg_collation',
    schema: 'x.collnamespace',
    owner: 'x.collowner',
    facts: {
      provider: 'x.collprovider',
      deterministic: 'x.collisdeterministic',
      collate: `case when x.collprovider = 'c' then x.collcollate end`,
      ctype: `case when x.collprovider = 'c' then x.collctype end`,
      locale: `case when x.collprovider <> 'c' then ${own < 15 ? 'x.collcollate' : own < 17 ? 'x.colliculocale' : 'x.colllocale'} end`,
      rules: common < 16 ? 'null' : 'x.collicurules',
    },
  },
  {
    catalog: 'pg_conversion',
    schema: 'x.connamespace',
    owner: 'x.conowner',
    facts: {
      from: 'pg_catalog.pg_encoding_to_char(x.conforencoding)',
      to: 'pg_catalog.pg_encoding_to_char(x.contoencoding)',
      function: 'x.conproc',
      default: 'x.condefault',
    },
  },
]
