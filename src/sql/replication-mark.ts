import { z } from 'zod'
import { ownMark } from './own-schema.ts'

/**
 * What the comment of a publication or subscription of ours says after our mark: enough to find a lane's other half, and the slot, which can
 * bear no comment, even when one of the two servers is gone.
 */
const laneMark = z.object({
  lane: z.number(),
  slot: z.string(),
  /** System identifier and database of the other side. */
  peer: z.string(),
  database: z.string(),
})

export type LaneMark = z.infer<typeof laneMark>

export function laneComment(mark: LaneMark): string {
  return `${ownMark}: ${JSON.stringify(mark)}`
}

/** Null for what isn't ours. */
export function parseLaneComment(comment: string | null): LaneMark | null {
  if (comment === null || !comment.startsWith(`${ownMark}: {`)) return null
  try {
    return laneMark.safeParse(JSON.parse(comment.slice(ownMark.length + 2))).data ?? null
  } catch {
    return null
  }
}
