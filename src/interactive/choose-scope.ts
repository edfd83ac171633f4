import type { Config } from '../config/config.ts'
import { type Given, type Parsed, parseConfig } from '../config/parse.ts'
import { observe } from '../engine/observe/observe.ts'
import { observeScope } from '../engine/observe/observe-scope.ts'
import { probe } from '../engine/observe/probe.ts'
import { makePlan } from '../plan/make-plan.ts'
import type { ObservedProbe } from '../plan/observed.ts'
import { printable } from '../report/names.ts'
import { type Chosen, chosenOf, everything } from './answers.ts'
import { chosenValues } from './chosen-values.ts'
import { configText } from './config-text.ts'
import { equivalentCommand } from './equivalent-command.ts'
import { askAll } from './flow.ts'
import { offerOf } from './offer.ts'
import type { Asker, Ending } from './prompts/asker.ts'
import { widthIn } from './prompts/layout.ts'
import type { Terminal } from './prompts/screen.ts'
import { summaryLines } from './summary.ts'
import { writeConfigFile } from './write-file.ts'

interface Asking {
  readonly given: Given
  readonly asker: Asker
  readonly terminal: Terminal
  readonly ending: Ending
  /** Where a config file is written. */
  readonly folder: string
}

/** Looks at both servers once, asks what of them is wanted until it's confirmed, and parses the answers as flags. */
export async function chooseScope(config: Config, asking: Asking): Promise<Parsed> {
  const { given, asker, terminal, ending } = asking
  const { styles } = terminal.output
  asker.say([`${styles.bold('Reading both servers …')} Then come questions; esc goes back to the one before, ctrl-c leaves.`])
  // A look for the questions' sake: what replication needs besides is looked at by the command itself.
  const look = { ...config, command: 'plan', snapshotOnly: true } as const
  const observed = await observe(look, () => {}, ending.signal)
  const offer = offerOf(observed, makePlan(look, observed))
  if (offer.withheld.length > 0)
    asker.say([`Not in question, as a file of rules can't spell these names: ${offer.withheld.map(printable).join(', ')}.`])
  if (offer.databases.length === 0) return parseConfig(given, undefined)
  let answers = await askAll(offer, everything(offer), asker)
  let measured: ObservedProbe | undefined
  for (;;) {
    const chosen = chosenOf(offer, answers)
    const values = { ...given.values, ...chosenValues(chosen) }
    const parsed = parseConfig({ ...given, values }, undefined)
    if (parsed.config === undefined) return parsed
    const config = { ...parsed.config, command: look.command, snapshotOnly: true }
    const seen = await observeScope(config, observed, ending.signal)
    measured ??= await probe(config, seen, ending.signal)
    asker.say(summaryLines(makePlan(config, { ...seen, probe: measured }), chosen, styles, widthIn(terminal.size())))
    asker.say(['', styles.bold('The same without questions'), ...equivalentCommand(given.command, values)])
    if (await confirmed(chosen, asking)) return parsed
    answers = await askAll(offer, answers, asker, 'last')
  }
}

/** False: back to the questions. */
async function confirmed(chosen: readonly Chosen[], { given, asker, terminal, ending, folder }: Asking): Promise<boolean> {
  const { styles } = terminal.output
  const items = [
    `Go on: ${given.command} this`,
    'Write this choice to a config file',
    '← Back to the questions',
    'Leave, nothing was changed',
  ]
  for (;;) {
    asker.say([''])
    const answer = await asker.one({ title: 'Is this right?', items: items.map((name) => ({ name, details: [] })), chosen: 0 })
    if (answer === 0) return true
    if (answer === 3) ending.leave()
    ending.signal.throwIfAborted()
    if (answer !== 1) return false
    const config = await writeConfigFile(configText(chosen), folder, asker)
    if (config === undefined) continue
    asker.say([
      `${styles.green('✓')} ${printable(config)} is written. With it:`,
      ...equivalentCommand(given.command, { ...given.values, config }),
    ])
  }
}
