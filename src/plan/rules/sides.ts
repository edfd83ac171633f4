import type { ConnectionSettings } from '../../config/config.ts'
import type { ObservedServer } from '../observed.ts'
import type { RuleInput } from './rule.ts'

interface Side {
  readonly side: 'source' | 'target'
  readonly server: ObservedServer
  readonly settings: ConnectionSettings
}

/** For what's asked of both servers alike. */
export function sides({ observed, config }: RuleInput): readonly Side[] {
  return [
    { side: 'source', server: observed.source, settings: config.source },
    { side: 'target', server: observed.target, settings: config.target },
  ]
}
