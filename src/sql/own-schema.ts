/** The schema of our ledger (target) and heartbeat (source). */
export const ownSchema = 'seren_replicator'

/** How the comment of everything begins that we made; what lacks it is never touched. */
export const ownMark = 'postgres-seren-replicator'
