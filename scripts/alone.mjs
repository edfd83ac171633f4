// @ts-check
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Runs the body while no other process of this checkout runs one with the same lock file; waits for it.
 * @param {string} file
 * @param {() => Promise<void>} body
 */
export async function alone(file, body) {
  await mkdir(dirname(file), { recursive: true })
  while (!(await take(file))) {
    if (!(await isHeld(file))) await rm(file, { force: true })
    else await sleep(200)
  }
  try {
    await body()
  } finally {
    await rm(file, { force: true })
  }
}

/** @param {string} file */
async function take(file) {
  return writeFile(file, String(process.pid), { flag: 'wx' }).then(
    () => true,
    () => false,
  )
}

/**
 * Whether the process that wrote it still lives. One that is being written is empty yet.
 * @param {string} file
 */
async function isHeld(file) {
  const pid = Number(await readFile(file, 'utf8').catch(() => ''))
  try {
    return pid === 0 || process.kill(pid, 0)
  } catch {
    return false
  }
}
