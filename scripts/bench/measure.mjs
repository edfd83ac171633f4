// @ts-check
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'

/** The kernel counts processor time in hundredths of a second on every architecture Node runs on. */
const tick = 0.01

/**
 * @typedef {{ seconds: number, cpu: number, ownCpu: number, ownPeak: number, output: string }} Measurement
 * Seconds of wall time; processor seconds of servers and command together; of the command's first process alone; its peak memory in bytes.
 */

/**
 * Runs a command and measures it together with the servers it works on.
 * @param {readonly string[]} command
 * @param {Record<string, string>} env
 * @param {readonly number[]} servers process ids of postmasters
 * @returns {Promise<Measurement>}
 */
export async function measure(command, env, servers) {
  const before = await total(servers)
  const started = performance.now()
  const [program = '', ...args] = command
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  const own = { cpu: 0, peak: 0 }
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const poll = setInterval(() => look(child.pid ?? 0, own), 20)
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve))
  clearInterval(poll)
  const seconds = (performance.now() - started) / 1000
  if (code !== 0) throw new Error(`${command.join(' ')} failed with exit code ${code}:\n${output.slice(-3000)}`)
  await sessionsEnded(servers)
  return { seconds, cpu: (await total(servers)) - before, ownCpu: own.cpu, ownPeak: own.peak, output }
}

/**
 * Both only grow, so that the last look before the end is as good as one at the end, but for some hundredths of a second.
 * @param {number} pid
 * @param {{ cpu: number, peak: number }} own
 */
function look(pid, own) {
  try {
    const [user = 0, system = 0] = times(readFileSync(`/proc/${pid}/stat`, 'utf8'))
    own.cpu = Math.max(own.cpu, user + system)
    own.peak = Math.max(own.peak, Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024)
  } catch {
    // It has ended meanwhile.
  }
}

/**
 * Processor seconds of the servers with all their processes, and of all that this process has run and waited for.
 * @param {readonly number[]} servers
 */
async function total(servers) {
  const [, , user = 0, system = 0] = times(await readFile('/proc/self/stat', 'utf8'))
  let sum = user + system
  for (const server of servers) sum += await tree(server)
  return sum
}

/**
 * A process that ends moves its time to its parent's account of children: looked at in between, it would be lost. So again, until the
 * same processes are there before and after.
 * @param {number} server
 * @returns {Promise<number>}
 */
async function tree(server) {
  for (;;) {
    const before = await children(server)
    const stats = await Promise.all([server, ...before].map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')))
    const after = await children(server)
    if (stats.includes('') || before.join() !== after.join()) continue
    const [own = [], ...others] = stats.map(times)
    return [...own, ...others.flatMap(([user = 0, system = 0]) => [user, system])].reduce((one, other) => one + other, 0)
  }
}

/**
 * Parallel workers of a session that has ended may still be at work.
 * @param {readonly number[]} servers
 */
async function sessionsEnded(servers) {
  for (let tries = 0; tries < 100; tries++) {
    const all = (await Promise.all(servers.map(children))).flat()
    const commands = await Promise.all(all.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
    if (!commands.some((command) => /127\.0\.0\.1\(|parallel worker/.test(command))) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/**
 * @param {number} pid
 * @returns {Promise<string[]>}
 */
async function children(pid) {
  const tasks = await readdir(`/proc/${pid}/task`)
  const lists = await Promise.all(tasks.map((task) => readFile(`/proc/${pid}/task/${task}/children`, 'utf8').catch(() => '')))
  return lists.flatMap((list) => list.split(' ').filter(Boolean))
}

/**
 * User, system, and those of children waited for, in seconds. The name before them may hold spaces and parentheses.
 * @param {string} stat
 */
function times(stat) {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields.slice(11, 15).map((field) => Number(field) * tick)
}
