import { identifier } from '../sql/identifier.ts'

/** A name as rules spell it: literal, in quotes where anything in it could mean something else. */
export function spellName(name: string): string {
  return /^[\p{L}\p{N}_$][\p{L}\p{N}_$-]*$/u.test(name) ? name : identifier(name)
}

export function spellTable({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return `${spellName(schema)}.${spellName(name)}`
}
