import type { Command } from '../config/config.ts'
import { ReplicatorError } from '../errors.ts'
import type { RunCommand, RunDemo } from './context.ts'

/** Every command by its name. Those to come are in the table, so that they answer clearly rather than not at all. */
export const commandTable: { readonly [name in Exclude<Command, 'demo'>]: RunCommand } = {
  validate: unavailable('validate'),
  plan: unavailable('plan'),
  init: unavailable('init'),
  sync: unavailable('sync'),
  status: unavailable('status'),
  verify: unavailable('verify'),
  cutover: unavailable('cutover'),
  cleanup: unavailable('cleanup'),
  replicate: unavailable('replicate'),
}

/** Apart from the others: it has no configuration, and brings what nobody else needs. */
export async function loadDemo(): Promise<RunDemo> {
  throw new ReplicatorError('command-unavailable', 'The command `demo` is not available.')
}

function unavailable(command: Command): RunCommand {
  return async () => {
    throw new ReplicatorError('command-unavailable', `The command \`${command}\` isn't available in this version.`, {
      hint: 'Available are validate, plan, init with snapshot-only, and verify.',
    })
  }
}
