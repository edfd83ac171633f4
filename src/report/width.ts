import { eastAsianWidth } from 'get-east-asian-width'

/** Columns that a text takes on a terminal; it holds no control characters. */
export function widthOf(text: string): number {
  let width = 0
  for (const { segment } of segmenter.segment(text.replaceAll(ansi, '')))
    width += /\p{Emoji_Presentation}|\u{fe0f}/u.test(segment) ? 2 : eastAsianWidth(segment.codePointAt(0) ?? 0)
  return width
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)))
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - widthOf(text))) + text
}

/** Ends with `…` where it doesn't fit. The text bears no styles. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text
  let kept = ''
  let used = 1
  for (const { segment } of segmenter.segment(text)) {
    used += widthOf(segment)
    if (used > width) break
    kept += segment
  }
  return `${kept}…`
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const ansi = /\x1b\[\d+m/g
