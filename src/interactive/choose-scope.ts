import type { Command, Config } from '../config/config.ts'
import { type Given, type Parsed, parseConfig } from '../config/parse.ts'
import { observe } from '../engine/observe/observe.ts'
import { observeScope } from '../engine/observe/observe-scope.ts'
import { probe } from '../engine/observe/probe.ts'
import { makePlan } from '../plan/make-plan.ts'
import type { Observed, ObservedProbe } from '../plan/observed.ts'
import type { Plan } from '../plan/plan.ts'
import { displayName, displayPart, printable } from '../report/names.ts'
import { type Chosen, chosenOf } from './answers.ts'
import { chosenValues } from './chosen-values.ts'
import { configText } from './config-text.ts'
import { equivalentCommand } from './equivalent-command.ts'
import { askAll } from './flow.ts'
import { offerOf } from './offer.ts'
import type { Asker, Ending } from './prompts/asker.ts'
import { widthIn } from './prompts/layout.ts'
import type { Terminal } from './prompts/screen.ts'
import { type Remembered, remember } from './remember.ts'
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
  const { answers: first, conditions } = remember(offer, observed, config.command)
  if (conditions.length > 0) asker.say([beyondQuestions(conditions)])
  let answers = await askAll(offer, first, asker)
  let measured: ObservedProbe | undefined
  for (;;) {
    const chosen = chosenOf(offer, answers)
    const parsed = parseConfig({ ...given, values: { ...given.values, ...chosenValues(chosen) } }, undefined)
    if (parsed.config === undefined) return parsed
    const considered = { ...parsed.config, command: look.command, snapshotOnly: true }
    const seen = await observeScope(considered, observed, ending.signal)
    if (measured === undefined) asker.say([styles.dim('Measuring how fast it would be …')])
    measured ??= await probe(considered, seen, ending.signal)
    const { plan, redo } = reviewed(config.command, considered, { ...seen, probe: measured })
    asker.say(summaryLines(plan, chosen, styles, widthIn(terminal.size())))
    const options = { ...given.values, ...(redo ? { yes: true } : {}) }
    const values = { ...options, ...chosenValues(chosen) }
    asker.say(['', styles.bold('The same without questions'), ...equivalentCommand(given.command, values)])
    if (await confirmed(chosen, options, redo, asking)) return parseConfig({ ...given, values }, undefined)
    answers = await askAll(offer, answers, asker, 'last')
  }
}

function beyondQuestions(conditions: Remembered['conditions']): string {
  const names = conditions.map(([{ name }, table]) => `${displayPart(name)}.${displayName(table)}`)
  return `An earlier run chose rows of ${names.join(', ')} by conditions that aren't asked for here: to go on with it, leave, and give its options.`
}

/** What an unfinished copy of another scope holds and this one doesn't want is only redone with a yes, which then is asked for. */
function reviewed(command: Command, config: Config, observed: Observed): { plan: Plan; redo: boolean } {
  const plan = makePlan(config, observed)
  const changed = plan.problems.filter(({ code }) => code === 'scope-changed')
  if (changed.length === 0 || config.yes || (command !== 'init' && command !== 'replicate')) return { plan, redo: false }
  const agreed = makePlan({ ...config, yes: true }, observed)
  const helps = !agreed.problems.some(({ code }) => code === 'scope-changed')
  return helps ? { plan: { ...agreed, problems: [...changed, ...agreed.problems] }, redo: true } : { plan, redo: false }
}

/** False: back to the questions. */
async function confirmed(
  chosen: readonly Chosen[],
  options: Given['values'],
  redo: boolean,
  { given, asker, terminal, ending, folder }: Asking,
): Promise<boolean> {
  const { styles } = terminal.output
  const items = [
    `Go on: ${given.command} this${redo ? ', and drop and copy anew what is told above' : ''}`,
    'Write this choice to a config file',
    '← Back to the questions',
    'Leave, nothing was changed',
  ]
  for (;;) {
    asker.say([''])
    const answer = await asker.one({ title: 'Is this right?', items: items.map((name) => ({ name, details: [] })), chosen: redo ? 2 : 0 })
    if (answer === 0) return true
    if (answer === 3) ending.leave()
    ending.signal.throwIfAborted()
    if (answer !== 1) return false
    const config = await writeConfigFile(configText(chosen), folder, asker)
    if (config === undefined) continue
    asker.say([
      `${styles.green('✓')} ${printable(config)} is written. With it:`,
      ...equivalentCommand(given.command, { ...options, config }),
    ])
  }
}
