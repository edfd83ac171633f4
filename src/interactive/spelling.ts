import { identifier } from '../sql/identifier.ts'

/** Items of a list are lines: a name that holds a line break can't be one. And `__proto__` is no key to JavaScript. */
export function isWritable(name: string): boolean {
  return !name.includes('\n') && name !== '__proto__'
}

/** A name as rules spell it: literal, in quotes where anything in it could mean something else. */
export function spellName(name: string): string {
  return /^[\p{L}\p{N}_$][\p{L}\p{N}_$-]*$/u.test(name) ? name : identifier(name)
}

export function spellTable({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return `${spellName(schema)}.${spellName(name)}`
}
