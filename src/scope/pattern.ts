import type { NamePart } from '../config/config.ts'

/** Whether a name is meant. Names compare as they stand in the catalog; `*` and `?` mean something only without quotes. */
export function matches({ text, quoted }: NamePart, name: string): boolean {
  if (quoted || !isPattern({ text, quoted })) return text === name
  const source = [...text].map((one) => (one === '*' ? '.*' : one === '?' ? '.' : one.replace(/[\\^$.|+()[\]{}]/u, '\\$&')))
  return new RegExp(`^${source.join('')}$`, 'su').test(name)
}

export function isPattern({ text, quoted }: NamePart): boolean {
  return !quoted && /[*?]/.test(text)
}
