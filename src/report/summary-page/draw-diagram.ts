import { escapeHtml } from '../job-summary/markup.ts'

/**
 * Draws the two kinds of mermaid diagrams that job summaries hold, as plain HTML: mermaid itself is megabytes of script. Another
 * kind is shown as its text.
 */
export function drawDiagram(text: string): string {
  const lines = text.split('\n').map((line) => line.trim())
  const kind = lines.find((line) => /^(gantt|pie)\b/.test(line)) ?? ''
  if (kind.startsWith('gantt')) return drawGantt(lines)
  return kind.startsWith('pie') ? drawPie(lines) : `<pre>${escapeHtml(text)}</pre>`
}

interface Bar {
  readonly name: string
  readonly tag: string
  readonly start: number
  readonly length: number
}

function drawGantt(lines: readonly string[]): string {
  const entries = lines.flatMap((line): (string | Bar)[] => {
    if (line.startsWith('section ')) return [line.slice('section '.length)]
    const match = /^(.+?) :(?:(\w+), )?(\d+), (\d+)ms$/.exec(line)
    return match === null ? [] : [{ name: match[1] ?? '', tag: match[2] ?? '', start: Number(match[3]), length: Number(match[4]) }]
  })
  const bars = entries.filter((one) => typeof one !== 'string')
  const first = Math.min(...bars.map(({ start }) => start))
  const whole = Math.max(...bars.map(({ start, length }) => start + length)) - first
  const percent = (part: number) => `${((part / Math.max(whole, 1)) * 100).toFixed(2)}%`
  const rows = entries.map((entry) => {
    if (typeof entry === 'string') return `<div class="section">${escapeHtml(entry)}</div>`
    const place = `margin-left:${percent(entry.start - first)};width:${percent(entry.length)}`
    const took = entry.length < 1000 ? `${entry.length} ms` : `${(entry.length / 1000).toFixed(1)} s`
    return `<div class="name">${escapeHtml(entry.name)}</div><div class="track"><i class="${escapeHtml(entry.tag)}" style="${place}"></i></div><div class="took">${took}</div>`
  })
  return `<div class="gantt">${rows.join('\n')}</div>`
}

function drawPie(lines: readonly string[]): string {
  const title = lines.find((line) => line.startsWith('title '))?.slice('title '.length) ?? ''
  const slices = lines.flatMap((line) => {
    const match = /^"(.*)" : (\d+)$/.exec(line)
    return match === null ? [] : [{ label: match[1] ?? '', size: Number(match[2]) }]
  })
  const whole = slices.reduce((sum, { size }) => sum + size, 0)
  let from = 0
  const colours = slices.map(({ size }, index) => {
    const start = from
    from += (size / Math.max(whole, 1)) * 100
    return `${colourOf(index)} ${start.toFixed(2)}% ${from.toFixed(2)}%`
  })
  const legend = slices.map(({ label }, index) => `<li><i style="background:${colourOf(index)}"></i>${escapeHtml(label)}</li>`)
  return `<figure class="pie"><div style="background:conic-gradient(${colours.join(', ')})"></div>
<figcaption>${escapeHtml(title)}<ul>${legend.join('')}</ul></figcaption></figure>`
}

function colourOf(index: number): string {
  return `hsl(${(205 + index * 47) % 360} 60% ${index % 2 === 0 ? 52 : 66}%)`
}
