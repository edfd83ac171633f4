export type Redact = (text: string) => string

/** Replaces every secret by `***`. The forms come longest first, so that none leaves a rest of another. */
export function redactor(secrets: readonly string[]): Redact {
  const forms = secrets.filter((one) => one !== '')
  if (forms.length === 0) return (text) => text
  const pattern = new RegExp(forms.map((one) => one.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'), 'g')
  return (text) => text.replace(pattern, '***')
}

/** The same for all strings in plain data. Numbers stay numbers, even where a password's digits occur in one. */
export function redactDeep<T>(value: T, redact: Redact): T {
  return walk(value, redact) as T
}

function walk(value: unknown, redact: Redact): unknown {
  if (typeof value === 'string') return redact(value)
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  if (Array.isArray(value)) return value.map((one) => walk(one, redact))
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, walk(one, redact)]))
}
