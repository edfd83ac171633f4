/** As in package.json; a test keeps them equal. The bundles carry no package.json of ours. */
export const version = '0.1.0'
export const toolName = 'postgres-seren-replicator' as const
