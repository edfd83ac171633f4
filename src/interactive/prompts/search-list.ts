/** The state of a list that is searched and chosen from; how keys change it, without a terminal. */
export interface SearchList {
  readonly query: string
  /** Place among those that match. */
  readonly at: number
  /** By index, matching or not. */
  readonly chosen: ReadonlySet<number>
}

export interface Press {
  /** Node's name of the key. */
  readonly name: string
  readonly ctrl: boolean
  /** The text that it types, if any. */
  readonly typed: string
}

/** Indexes of the names that hold every word of the query, in upper or lower case. */
export function matching(names: readonly string[], query: string): number[] {
  const words = query.toLowerCase().split(/\s+/)
  return names.flatMap((name, index) => (words.every((word) => name.toLowerCase().includes(word)) ? [index] : []))
}

/** `page`: how many are on the screen. */
export function pressed(list: SearchList, press: Press, names: readonly string[], page: number): SearchList {
  const found = matching(names, list.query)
  const move = (to: number) => ({ ...list, at: Math.max(0, Math.min(found.length - 1, to)) })
  const search = (query: string) => ({ ...list, query, at: 0 })
  const active = found[list.at]
  if (press.ctrl) {
    if (press.name === 'a') return { ...list, chosen: toggledAll(list.chosen, found) }
    return press.name === 'u' ? search('') : list
  }
  switch (press.name) {
    case 'up':
      return list.at === 0 ? move(found.length - 1) : move(list.at - 1)
    case 'down':
      return list.at === found.length - 1 ? move(0) : move(list.at + 1)
    case 'pageup':
      return move(list.at - page)
    case 'pagedown':
      return move(list.at + page)
    case 'home':
      return move(0)
    case 'end':
      return move(found.length - 1)
    case 'space':
    case 'tab':
      return active === undefined ? list : { ...list, chosen: toggled(list.chosen, active) }
    case 'backspace':
      return search([...list.query].slice(0, -1).join(''))
    default: {
      const text = press.typed.replaceAll(/\p{C}/gu, '')
      return text === '' ? list : search(list.query + text)
    }
  }
}

/** The part of a long list that is shown, with the active one in it. */
export function visible(count: number, at: number, room: number): readonly [from: number, to: number] {
  const from = Math.max(0, Math.min(at - Math.floor(room / 2), count - room))
  return [from, Math.min(count, from + room)]
}

function toggled(chosen: ReadonlySet<number>, index: number): ReadonlySet<number> {
  const changed = new Set(chosen)
  if (!changed.delete(index)) changed.add(index)
  return changed
}

/** All that match; if they all are already, none of them. */
function toggledAll(chosen: ReadonlySet<number>, found: readonly number[]): ReadonlySet<number> {
  const changed = new Set(chosen)
  const all = found.every((index) => chosen.has(index))
  for (const index of found) all ? changed.delete(index) : changed.add(index)
  return changed
}
