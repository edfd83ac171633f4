import type { TablePlan } from '../plan/plan.ts'
import type { TableResult, TableVerification } from '../plan/results.ts'
import { wholesOf } from '../plan/wholes.ts'
import { qualified } from '../sql/identifier.ts'

/** A hypertable's chunks are nobody's business by themselves: their sizes, counts and checksums are added to its own. */
export function foldParts(results: readonly TableResult[], plans: readonly TablePlan[]): TableResult[] {
  const wholes = wholesOf(plans)
  const names = new Map(plans.map((plan) => [plan.oid, qualified(plan)]))
  const tops = new Map(plans.map((plan) => [qualified(plan), names.get(wholes.get(plan.oid) ?? plan.oid)]))
  const folded = new Map<string, TableResult[]>()
  for (const result of results) {
    const top = tops.get(qualified(result)) ?? qualified(result)
    folded.set(top, [...(folded.get(top) ?? []), result])
  }
  return [...folded].flatMap(([top, members]) => {
    const whole = members.find((one) => qualified(one) === top) ?? members[0]
    return whole === undefined || members.length === 1 ? members : [added(whole, members)]
  })
}

function added(whole: TableResult, members: readonly TableResult[]): TableResult {
  const sum = (key: 'estimatedRows' | 'heapBytes' | 'toastBytes' | 'indexBytes') => members.reduce((total, one) => total + one[key], 0n)
  const copied = members.filter(({ copiedRows }) => copiedRows !== undefined)
  const failure = members.find((one) => one.failure !== undefined)?.failure
  const verifications = members.flatMap((one) => (one.verify === undefined ? [] : [{ member: one, verify: one.verify }]))
  const { resumed: _, ...rest } = whole
  return {
    ...rest,
    ...{ estimatedRows: sum('estimatedRows'), heapBytes: sum('heapBytes'), toastBytes: sum('toastBytes'), indexBytes: sum('indexBytes') },
    ...(whole.parts === undefined ? {} : { parts: members.reduce((total, { parts = 0 }) => total + parts, 0) }),
    ...(copied.length === 0
      ? {}
      : {
          copiedRows: copied.reduce((total, { copiedRows = 0n }) => total + copiedRows, 0n),
          copiedBytes: copied.reduce((total, { copiedBytes = 0n }) => total + copiedBytes, 0n),
          seconds: copied.reduce((total, { seconds = 0 }) => total + seconds, 0),
        }),
    ...(members.every(({ resumed }) => resumed === true) ? { resumed: true } : {}),
    ...(failure === undefined ? {} : { failure }),
    ...(verifications.length === 0 ? {} : { verify: verifiedTogether(whole, verifications) }),
  }
}

interface Verified {
  readonly member: TableResult
  readonly verify: TableVerification
}

/** Sums of parts add up to the whole's. */
function verifiedTogether(whole: TableResult, verified: readonly Verified[]): TableVerification {
  const read = verified.filter(({ verify }) => verify.result !== 'skipped')
  const different = read.filter(({ verify }) => verify.result === 'different')
  const [first] = verified
  if (read.length === 0 && first !== undefined) return first.verify
  const rows = (key: 'sourceRows' | 'targetRows') => read.reduce((total, { verify }) => total + (verify[key] ?? 0n), 0n)
  const reasons = different.map(({ member, verify }) =>
    [...(member === whole ? [] : [qualified(member)]), ...(verify.reason === undefined ? [] : [verify.reason])].join(': '),
  )
  return {
    result: different.length > 0 ? 'different' : 'equal',
    sourceRows: rows('sourceRows'),
    targetRows: rows('targetRows'),
    sourceChecksum: addChecksums(read.map(({ verify }) => verify.sourceChecksum)),
    targetChecksum: addChecksums(read.map(({ verify }) => verify.targetChecksum)),
    ...(reasons.length === 0 ? {} : { reason: reasons.slice(0, 5).join('; ') }),
  }
}

/** Two sums of 64 bits each, modulo 2^64; null: one of them is unknown. */
function addChecksums(checksums: readonly (string | null)[]): string | null {
  const known = checksums.filter((one) => one !== null)
  if (known.length < checksums.length) return null
  const half = (at: number) =>
    BigInt.asUintN(
      64,
      known.reduce((sum, one) => sum + BigInt(`0x${one.slice(at, at + 16)}`), 0n),
    )
  return [half(0), half(16)].map((sum) => sum.toString(16).padStart(16, '0')).join('')
}
