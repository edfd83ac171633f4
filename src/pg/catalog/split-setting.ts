/** An item of `setconfig`: `name=value`, and the value may hold more signs of the kind. */
export function splitSetting(item: string): { readonly name: string; readonly value: string } {
  const at = item.indexOf('=')
  return { name: item.slice(0, at), value: item.slice(at + 1) }
}
