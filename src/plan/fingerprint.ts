/** Row count and two sums of 64-bit hashes. Sums of a table's parts add up to the table's. */
export interface Fingerprint {
  readonly rows: bigint
  readonly first: bigint
  readonly second: bigint
}

export const noRows: Fingerprint = { rows: 0n, first: 0n, second: 0n }

export function addFingerprints(one: Fingerprint, other: Fingerprint): Fingerprint {
  return { rows: one.rows + other.rows, first: one.first + other.first, second: one.second + other.second }
}

/** 32 hex digits: both sums modulo 2^64. */
export function checksum({ first, second }: Fingerprint): string {
  return [first, second].map((sum) => BigInt.asUintN(64, sum).toString(16).padStart(16, '0')).join('')
}
