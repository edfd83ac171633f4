import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { jobSummaryReporter } from '../job-summary/job-summary.ts'
import type { Redact } from '../redact.ts'
import type { Output, Reporter } from '../reporter.ts'
import { summaryPage } from './summary-page.ts'

export interface SummaryFiles {
  /** For each command: its job summary, as the page of a workflow run would show it. */
  readonly ofOne: (redact: Redact) => readonly Reporter[]
  /** For what ran them: makes the page of all of them at the end, and says where it is. */
  readonly ofAll: Reporter
}

/** The job summaries of several commands in a row: as Markdown, and as a page that any browser shows without network. */
export async function openSummaryFiles(folder: string, { write, styles }: Output): Promise<SummaryFiles> {
  const markdown = join(folder, 'demo-summary.md')
  const page = join(folder, 'demo-summary.html')
  const remove = () => Promise.all([markdown, page].map((path) => rm(path, { force: true })))
  await remove()
  return {
    ofOne: (redact) => [jobSummaryReporter({ file: markdown, redact })],
    ofAll: {
      async finished({ outcome }) {
        if (outcome === 'interrupted') return void (await remove())
        const text = await readFile(markdown, 'utf8').catch(() => undefined)
        if (text === undefined) return
        await writeFile(page, summaryPage(text))
        write(`${styles.green('✓')} the job summary, as a page: ${page}\n  and as Markdown: ${markdown}\n`)
      },
    },
  }
}
