import { connect, createServer, type Socket } from 'node:net'

export interface Proxy extends AsyncDisposable {
  readonly port: number
  /** The same URL through the proxy. */
  url(of: string): string
  /** Connections open now. */
  readonly connections: number
  /** Bytes that came from the server so far. */
  readonly received: number
  /** Ends all connections in order (FIN). */
  cut(): void
  /** Ends all connections without a word (RST), as a dying machine or a firewall does. */
  reset(): void
  /** Nothing passes any more, but nothing is closed; new connections are accepted and get no answer. */
  stall(): void
  resume(): void
  /** New connections pass again, those that were stalled don't. */
  letIn(): void
  /** New connections are reset from now on, or let in again. */
  refuse(yes?: boolean): void
}

/** A TCP proxy in front of a server, to cut, stall and reset what passes: `await using proxy = await startProxy(pair.source.server)`. */
export async function startProxy({ host, port }: { readonly host: string; readonly port: number }): Promise<Proxy> {
  const pairs = new Set<readonly [Socket, Socket]>()
  const state = { stalled: false, refused: false, received: 0 }
  const server = createServer((client) => {
    if (state.refused) return void client.resetAndDestroy()
    const upstream = connect(port, host)
    const pair = [client, upstream] as const
    pairs.add(pair)
    client.pipe(upstream).pipe(client)
    upstream.on('data', (data) => (state.received += data.length))
    for (const [socket, other] of [pair, [upstream, client]] as const) {
      // An error at one end is the other end's end.
      socket.on('error', () => other.destroy())
      socket.once('close', () => {
        // Nothing is read any more from who still has its half open, so its end wouldn't be seen.
        if (!state.stalled) other.end().resume()
        if (other.closed) pairs.delete(pair)
      })
    }
    if (state.stalled) pause(pair)
  })
  const each = (act: (socket: Socket) => void) => {
    for (const socket of [...pairs].flat()) act(socket)
  }
  const listening = await new Promise<number>((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)),
  )
  return {
    port: listening,
    url(of) {
      const url = new URL(of)
      url.host = `127.0.0.1:${listening}`
      return url.href
    },
    get connections() {
      return pairs.size
    },
    get received() {
      return state.received
    },
    cut: () => each((socket) => socket.end()),
    reset: () => each((socket) => socket.resetAndDestroy()),
    stall() {
      state.stalled = true
      for (const pair of pairs) pause(pair)
    },
    resume() {
      state.stalled = false
      for (const [client, upstream] of pairs) client.pipe(upstream).pipe(client)
    },
    letIn() {
      state.stalled = false
    },
    refuse(yes = true) {
      state.refused = yes
    },
    async [Symbol.asyncDispose]() {
      each((socket) => socket.destroy())
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function pause(pair: readonly [Socket, Socket]): void {
  for (const socket of pair) {
    socket.unpipe()
    socket.pause()
  }
}
