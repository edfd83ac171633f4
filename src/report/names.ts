import type { RelationName } from '../events.ts'

/** As one would type it: quoted only where SQL wants it, and no character that could drive a terminal. */
export function displayName({ schema, name }: RelationName): string {
  return `${displayPart(schema)}.${displayPart(name)}`
}

export function displayPart(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) ? name : `"${printable(name).replaceAll('"', '""')}"`
}

/** Control characters, line ends included, and those that reorder text, as escapes that can be seen. */
export function printable(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\u202a-\u202e\u2066-\u2069\u200e\u200f\u2028\u2029]/gu,
    (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`,
  )
}

/** The same for messages of several lines. */
export function printableLines(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => printable(line.replaceAll('\t', '  ')))
    .join('\n')
}

/** For places with little room; the report has all of it. */
export function shortened(text: string): string {
  return text.length > 4000 ? `${text.slice(0, 4000)} …` : text
}
