/** Near to how GitHub shows job summaries, light and dark. */
export const style = `
:root { color-scheme: light dark; --line: #d1d9e0; --soft: #f6f8fa; --dim: #59636e; --blue: #0969da; --grey: #afb8c1; --red: #cf222e; --plain: #54aeff66 }
@media (prefers-color-scheme: dark) { :root { --line: #3d444d; --soft: #151b23; --dim: #9198a1; --blue: #4493f8; --grey: #656c76; --red: #f85149; --plain: #388bfd44 } }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif }
main { max-width: 1100px; margin: 0 auto; padding: 1rem 1.5rem 4rem }
h2 { margin: 2.5rem 0 1rem; padding-bottom: .3em; border-bottom: 1px solid var(--line); font-size: 1.4em }
h2:first-child { margin-top: 1rem }
table { border-collapse: collapse; margin: 0 0 1rem; display: block; overflow-x: auto }
th, td { border: 1px solid var(--line); padding: .35em .8em; vertical-align: top }
tbody tr:nth-child(even) { background: var(--soft) }
code, pre { font: .85em/1.45 ui-monospace, monospace }
code { background: var(--soft); padding: .15em .35em; border-radius: 5px; white-space: nowrap }
pre { background: var(--soft); padding: .8em; border-radius: 6px; overflow-x: auto }
details { margin: 0 0 1rem }
summary { cursor: pointer; margin-bottom: .5rem }
sub { color: var(--dim); vertical-align: baseline; font-size: .85em }
.gantt { display: grid; grid-template-columns: max-content 1fr max-content; gap: 3px 12px; margin: 0 0 .7rem; font-size: .85em }
.gantt .section { grid-column: 1 / -1; margin-top: .5rem; font-weight: 600 }
.gantt .name { max-width: 20rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
.gantt .track { background: var(--soft); border-radius: 3px; overflow: hidden }
.gantt .track i { display: block; height: 100%; min-width: 2px; border-radius: 3px; background: var(--plain) }
.gantt .track i.active { background: var(--blue) }
.gantt .track i.done { background: var(--grey) }
.gantt .track i.crit { background: var(--red) }
.gantt .took { text-align: right; color: var(--dim); font-variant-numeric: tabular-nums }
.pie { display: flex; flex-wrap: wrap; align-items: center; gap: 2rem; margin: 0 0 1.2rem }
.pie > div { width: 13rem; aspect-ratio: 1; border-radius: 50% }
.pie figcaption { font-weight: 600 }
.pie ul { list-style: none; margin: .5rem 0 0; padding: 0; font-weight: 400 }
.pie li i { display: inline-block; width: .8em; height: .8em; margin-right: .6em; border-radius: 3px }
`
