import { printable, printableLines } from '../names.ts'

/**
 * GitHub's subset: no styles, no classes. What comes from a database stands in HTML blocks only, where Markdown means nothing as long
 * as no line is blank, and in `<code>`, where neither mentions nor emoji names do.
 */
export function escapeHtml(text: string): string {
  const lines = printableLines(text).replaceAll(/[&<>"'`]/g, (char) => `&#${char.charCodeAt(0)};`)
  return lines.replaceAll('\n', '&#10;')
}

export function code(text: string): string {
  return `<code>${escapeHtml(printable(text))}</code>`
}

/** Running text of several lines, with what stands in backticks as code. */
export function prose(text: string): string {
  return text
    .split(/(`[^`\n]+`)/)
    .map((piece) => (/^`[^`\n]+`$/.test(piece) ? code(piece.slice(1, -1)) : broken(escapeHtml(piece))))
    .join('')
}

/** Line ends as they are, which a `<pre>` keeps. */
export function preformatted(text: string, language?: 'diff'): string {
  return `<pre${language === undefined ? '' : ` lang="${language}"`}>${escapeHtml(text)}</pre>`
}

export interface Cell {
  readonly html: string
  readonly align?: 'left' | 'right' | 'center'
}

export type Row = readonly (string | Cell)[]

/** Cells are HTML already. */
export function tableStart(head: Row): string {
  return `<table>\n<thead><tr>${head.map((cell) => element('th', typeof cell === 'string' ? { html: cell, align: 'left' } : cell)).join('')}</tr></thead>\n<tbody>\n`
}

export function tableRow(row: Row): string {
  return `<tr>${row.map((cell) => element('td', cell)).join('')}</tr>\n`
}

export const tableEnd = '</tbody>\n</table>\n\n'

export function details(summary: string, body: string, open = false): string {
  return `<details${open ? ' open' : ''}>\n<summary>${summary}</summary>\n\n${body}\n</details>\n\n`
}

/** For numbers: their units never break off. */
export function right(html: string): Cell {
  return { html: html.replaceAll(' ', '&nbsp;'), align: 'right' }
}

export function center(html: string): Cell {
  return { html, align: 'center' }
}

/** A share as a bar of eighths of characters. */
export function bar(share: number, width = 8): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * width * 8)
  return '█'.repeat(Math.floor(eighths / 8)) + ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'][eighths % 8]
}

/** Names in diagrams: mermaid has no way to quote in all of its places. */
export function diagramText(text: string): string {
  const plain = printable(text)
    .replaceAll(/[^\p{L}\p{N} ._$/()-]/gu, '·')
    .trim()
  return plain.length > 48 ? `${plain.slice(0, 47)}…` : plain
}

function element(tag: 'th' | 'td', cell: string | Cell): string {
  const { html, align } = typeof cell === 'string' ? { html: cell, align: undefined } : cell
  return `<${tag}${align === undefined ? '' : ` align="${align}"`}>${html}</${tag}>`
}

function broken(html: string): string {
  return html.replaceAll('&#10;', '<br>')
}
