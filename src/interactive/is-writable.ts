/** Items of a list are lines: a name that holds a line break can't be one. And `__proto__` is no key to JavaScript. */
export function isWritable(name: string): boolean {
  return !name.includes('\n') && name !== '__proto__'
}
