import { drawDiagram } from './draw-diagram.ts'
import { style } from './style.ts'

/**
 * A page of the Markdown that job summaries are made of: headings, blocks of HTML, diagrams. Needs neither network nor scripts. What
 * comes from databases is escaped in there already.
 */
export function summaryPage(markdown: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>postgres-seren-replicator</title>
<style>${style}</style>
</head>
<body>
<main>
${blocks(markdown).map(toHtml).join('\n')}
</main>
</body>
</html>
`
}

/** Apart by blank lines; diagrams are whole blocks already. */
function blocks(markdown: string): string[] {
  return markdown.split(/\n{2,}/).filter((block) => block.trim() !== '')
}

function toHtml(block: string): string {
  const diagram = /^```mermaid\n([^]*)\n```$/.exec(block.trim())
  if (diagram !== null) return drawDiagram(diagram[1] ?? '')
  const heading = /^(#{1,6}) ([^\n]*)$/.exec(block.trim())
  if (heading !== null) return `<h${heading[1]?.length}>${heading[2]}</h${heading[1]?.length}>`
  return block.trimStart().startsWith('<') ? block : `<p>${block}</p>`
}
