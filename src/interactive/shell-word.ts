/** A word for POSIX shells. What must not reach a terminal as it is goes in bash's and zsh's `$'…'`. */
export function shellWord(text: string): string {
  if (/^[\w.,:/@%+-]+$/.test(text)) return text
  if (!unprintable.test(text)) return `'${text.replaceAll("'", `'\\''`)}'`
  const quoted = text.replaceAll(/[\\']/g, String.raw`\$&`).replaceAll(new RegExp(unprintable, 'gu'), escaped)
  return `$'${quoted}'`
}

/** As in report/names.ts: control characters, and those that reorder text. */
const unprintable = /[\p{Cc}\u202a-\u202e\u2066-\u2069\u200e\u200f\u2028\u2029]/u

/** Always four digits: a digit that follows isn't taken for one more. */
function escaped(char: string): string {
  return `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`
}
