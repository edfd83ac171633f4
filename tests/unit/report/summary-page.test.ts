import { expect, test } from 'vitest'
import { drawDiagram } from '../../../src/report/summary-page/draw-diagram.ts'
import { summaryPage } from '../../../src/report/summary-page/summary-page.ts'

test('headings, text and HTML keep their order, and what is escaped stays so', () => {
  const page = summaryPage(
    '## ✅ init\n\nsource <code>a</code>\n\n<details open>\n<summary>&#60;t&#62;</summary>\n\n<table>\n</table>\n\n</details>\n',
  )
  const body = page.slice(page.indexOf('<main>'))
  expect(body).toContain(
    '<h2>✅ init</h2>\n<p>source <code>a</code></p>\n<details open>\n<summary>&#60;t&#62;</summary>\n<table>\n</table>\n</details>',
  )
})

test('the schedule is drawn to scale', () => {
  const drawn = drawDiagram('gantt\n  dateFormat x\n  section phases\n  copy :1000, 2000ms\n  section tables\n  a.b :active, 2000, 1000ms')
  expect(drawn).toContain('<div class="section">phases</div>')
  expect(drawn).toContain('<div class="name">copy</div><div class="track"><i class="" style="margin-left:0.00%;width:100.00%"></i></div>')
  expect(drawn).toContain('<i class="active" style="margin-left:50.00%;width:50.00%"></i></div><div class="took">1.0 s</div>')
})

test('shares are drawn around, settings before the diagram are passed over', () => {
  const drawn = drawDiagram('%%{init: {}}%%\npie\n  title bytes\n  "a (3 MB)" : 3\n  "b <i> (1 MB)" : 1')
  expect(drawn).toMatch(/conic-gradient\(\S+ 60% 52%\) 0\.00% 75\.00%/)
  expect(drawn).toContain('b &#60;i&#62; (1 MB)')
})

test('a diagram of another kind is shown as it is written', () => {
  expect(drawDiagram('flowchart\n a --> b')).toBe('<pre>flowchart&#10; a --&#62; b</pre>')
})
