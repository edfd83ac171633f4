import { basename, dirname } from 'node:path'
import * as core from '@actions/core'

interface Upload {
  /** Unique in the workflow run: a name can't be written twice. */
  readonly name: string
  readonly file: string
  /** 0: the repository's setting. */
  readonly retentionDays: number
}

/** Uploads the report. The library is big and needed once, at the very end. */
export async function uploadReport({ name, file, retentionDays }: Upload): Promise<void> {
  const { DefaultArtifactClient } = await import('@actions/artifact')
  const { id } = await new DefaultArtifactClient().uploadArtifact(name, [file], dirname(file), retentionDays === 0 ? {} : { retentionDays })
  core.info(`The report ${basename(file)} is in the artifact ${name} (${id}).`)
}

/** GitHub Enterprise Server has no artifacts of this version; see @actions/artifact. */
export function hasArtifacts(serverUrl: string | undefined): boolean {
  const host = new URL(serverUrl ?? 'https://github.com').hostname.toLowerCase()
  return host === 'github.com' || host.endsWith('.ghe.com') || host.endsWith('.localhost')
}
