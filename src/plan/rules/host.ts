/** Our own machine, by name, address or Unix socket. */
export function isLocalHost(host: string): boolean {
  return host.startsWith('/') || host === '' || host === 'localhost' || host === '::1' || /^127(\.\d+){3}$/.test(host)
}

/** Whether both were dialled as the same server; a false answer proves nothing, as hosts have many names. */
export function sameAddress(
  one: { readonly host: string; readonly port: number },
  other: { readonly host: string; readonly port: number },
): boolean {
  const hosts = one.host.toLowerCase() === other.host.toLowerCase() || (isLocalHost(one.host) && isLocalHost(other.host))
  return hosts && one.port === other.port
}
