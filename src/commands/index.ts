import type { Command } from '../config/config.ts'
import { ReplicatorError } from '../errors.ts'
import { cleanup } from './cleanup.ts'
import type { RunCommand } from './context.ts'
import { init } from './init.ts'
import { plan } from './plan.ts'
import { replicate } from './replicate.ts'
import { status } from './status.ts'
import { sync } from './sync.ts'
import { validate } from './validate.ts'
import { verify } from './verify.ts'

/** Every command that this version has. */
const table: { readonly [name in Command]?: RunCommand } = { validate, plan, init, sync, status, verify, cleanup, replicate }

/** Throws for commands to come, so that they answer clearly, before anything else is asked of the user. */
export function findCommand(command: Command): RunCommand {
  const found = table[command]
  if (found !== undefined) return found
  throw new ReplicatorError('command-unavailable', `the command ${command} isn't available in this version`, {
    hint: 'Until it is there, cut over by hand: stop writes, wait at the gate of `status`, set sequences, `verify`, then `cleanup` (docs/how-it-works.md, "Cutting over by hand").',
  })
}
