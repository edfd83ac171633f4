import type { Span } from './syntax-tree.ts'

/** Puts `text` in a place's stead. */
export interface Edit extends Span {
  readonly text: string
}

/** Edits that don't overlap; the rest stays as it is written. What is inserted comes before what is replaced at the same place. */
export function editText(text: string, edits: readonly Edit[]): string {
  let edited = text
  for (const { start, end, text: replacement } of [...edits].sort((one, other) => other.start - one.start || other.end - one.end)) {
    edited = `${edited.slice(0, start)}${replacement}${edited.slice(end)}`
  }
  return edited
}
