import { spawn } from 'node:child_process'

/**
 * Its standard input is a pipe that this process holds: it ends when we do, even by SIGKILL. Then the server in the folder (told by the
 * process id file and the working folder of that process, so that a reused id is left alone) is stopped, and the folder removed.
 */
const script = `
read -r _
pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null)
if [ -n "$pid" ] && [ "$(readlink "/proc/$pid/cwd")" = "$1/data" ]; then
  kill -QUIT "$pid"
  for _ in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$pid" 2>/dev/null || break; sleep 0.2; done
  kill -KILL "$pid" 2>/dev/null
fi
rm -rf "$1"
`

/** Sees to it that nothing in the folder outlives this process; disposing of it does the same at once. */
export function watchFolder(folder: string): AsyncDisposable {
  const child = spawn('/bin/sh', ['-c', script, 'sh', folder], { cwd: '/', detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  // Neither the process nor the pipe may keep us running: our end is what it waits for.
  child.unref()
  ;(child.stdin as unknown as { unref(): void }).unref()
  child.stdin.on('error', () => {})
  return {
    async [Symbol.asyncDispose]() {
      child.ref()
      child.stdin.end()
      await gone
    },
  }
}
