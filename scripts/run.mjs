// @ts-check
import { spawn } from 'node:child_process'

/**
 * Runs a program to its end, shown to the user; fails when it fails.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 */
export async function run(program, args, options = {}) {
  const child = spawn(program, args, { stdio: 'inherit', ...options })
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve))
  if (code !== 0) throw new Error(`${program} ${args[0] ?? ''} failed with exit code ${code}`)
}

/**
 * Runs a program and returns what it wrote; null when it isn't there or fails.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<string | null>}
 */
export async function read(program, args, options = {}) {
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'ignore'] })
  let text = ''
  child.stdout?.on('data', (chunk) => (text += chunk))
  const code = await new Promise((resolve) => child.once('error', () => resolve(null)).once('close', resolve))
  return code === 0 ? text : null
}

/**
 * The body of a script: a failure is one line, not a stack.
 * @param {() => Promise<void>} body
 */
export async function main(body) {
  try {
    await body()
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
