import { describe, expect, test } from 'vitest'
import { chosenOf, everything } from '../../../src/interactive/answers.ts'
import { chosenValues } from '../../../src/interactive/chosen-values.ts'
import { askAll } from '../../../src/interactive/flow.ts'
import type { Offer, OfferedTable } from '../../../src/interactive/offer.ts'
import type { Asker } from '../../../src/interactive/prompts/asker.ts'

const table = (oid: number, name: string, dated: readonly string[] = []): OfferedTable => ({
  ...{ oid, schema: 'public', name, rows: 1000n, bytes: 8192n, dated },
})
const offer: Offer = {
  databases: [
    { name: 'blog', bytes: 1024n, tables: [] },
    { name: 'shop', bytes: 4096n, tables: [table(1, 'orders', ['at', 'until']), table(2, 'logs', ['at']), table(3, 'items')] },
  ],
  withheld: [],
}

test('Enter throughout replicates all that was seen', async () => {
  const { asker, asked } = scripted([[0, 1], [], [], []])
  expect(chosenValues(chosenOf(offer, await askAll(offer, everything(offer), asker)))).toEqual({ 'include-databases': ['blog', 'shop'] })
  expect(asked).toEqual([
    'Databases to replicate: blog, shop',
    'shop: tables to leave out: ',
    'shop: tables to create without rows: ',
    'shop: tables of which only the latest rows are wanted: ',
  ])
})

test('each answer narrows what is offered next', async () => {
  // Leaves logs out, items without rows; orders remains, which has two columns.
  const { asker, asked } = scripted([[1], [1], [1], [0], 1, '6 months'])
  const answers = await askAll(offer, everything(offer), asker)
  expect(asked.slice(3)).toEqual([
    'shop: tables of which only the latest rows are wanted: ',
    "shop: public.orders: the column that tells a row's time: at, until",
    'shop: public.orders: how far back: ',
  ])
  expect(chosenValues(chosenOf(offer, answers))).toEqual({
    'include-databases': ['shop'],
    'exclude-tables': ['shop.public.logs'],
    'schema-only-tables': ['shop.public.items'],
    'time-filters': ['shop.public.orders:until:6 months'],
  })
})

test('the only column needs no question', async () => {
  const { asker, asked } = scripted([[1], [0], [], [0], '1 day'])
  const answers = await askAll(offer, everything(offer), asker)
  expect(asked.at(-1)).toBe('shop: public.logs: how far back: ')
  expect(chosenValues(chosenOf(offer, answers))['time-filters']).toEqual(['shop.public.logs:at:1 day'])
})

describe('back', () => {
  test('at every step, with the answers as they were', async () => {
    const answers = await askAll(offer, everything(offer), scripted([[1], [1], [1], [0], 1, '6 months']).asker)
    const again = scripted([undefined, undefined, undefined, undefined, undefined, undefined, [1], [1], [1], [0], 1, '6 months'])
    const same = await askAll(offer, answers, again.asker, 'last')
    expect(again.asked.slice(0, 6)).toEqual([
      'shop: public.orders: how far back: 6 months',
      "shop: public.orders: the column that tells a row's time: at, until",
      'shop: tables of which only the latest rows are wanted: public.orders',
      'shop: tables to create without rows: public.items',
      'shop: tables to leave out: public.logs',
      'Databases to replicate: shop',
    ])
    expect(same).toEqual(answers)
    expect(again.said).toEqual(['This is the first question: ctrl-c leaves.'])
  })
  test('a database that is taken out and in again keeps what was said of its tables', async () => {
    const first = await askAll(offer, everything(offer), scripted([[1], [1], [], []]).asker)
    const without = await askAll(offer, first, scripted([[0]]).asker)
    expect(chosenValues(chosenOf(offer, without))).toEqual({ 'include-databases': ['blog'] })
    const { asker, chosen } = scripted([[1], [1], [], []])
    await askAll(offer, without, asker)
    expect(chosen[1]).toEqual([1])
  })
  test('what is left out keeps its other answers for the case that it is taken in again', async () => {
    const first = await askAll(offer, everything(offer), scripted([[1], [], [1], []]).asker)
    const out = await askAll(offer, first, scripted([[1], [1], [], []]).asker)
    expect(chosenValues(chosenOf(offer, out))).toEqual({ 'include-databases': ['shop'], 'exclude-tables': ['shop.public.logs'] })
    const { asker, chosen } = scripted([[1], [], [1], []])
    await askAll(offer, out, asker)
    expect(chosen[2]).toEqual([1])
  })
})

test('of many databases only those of which a part is wanted are asked about', async () => {
  const many: Offer = {
    databases: ['a', 'b', 'c', 'd'].map((name) => ({ name, bytes: 0n, tables: [table(1, 'logs')] })),
    withheld: [],
  }
  const { asker, asked } = scripted([[0, 1, 2, 3], [2], [0]])
  const answers = await askAll(many, everything(many), asker)
  expect(asked.slice(0, 3)).toEqual([
    'Databases to replicate: a, b, c, d',
    'Databases of which only a part is wanted: ',
    'c: tables to leave out: ',
  ])
  expect(chosenValues(chosenOf(many, answers))).toEqual({ 'include-databases': ['a', 'b', 'c', 'd'], 'exclude-tables': ['c.public.logs'] })
  const whole = await askAll(many, answers, scripted([[0, 1, 2, 3], []]).asker)
  expect(chosenValues(chosenOf(many, whole))).toEqual({ 'include-databases': ['a', 'b', 'c', 'd'] })
})

test('nothing chosen is refused where it would mean everything', async () => {
  const refusals: (string | undefined)[] = []
  const { asker } = scripted([[1], [], [], []], (refusal) => refusals.push(refusal))
  await askAll(offer, everything(offer), asker)
  expect(refusals).toEqual([expect.stringContaining('Nothing is chosen'), undefined, undefined, undefined])
})

test('a window is what the parser of windows takes', async () => {
  const refusals: (string | undefined)[] = []
  const { asker } = scripted([[1], [], [], [1], '90 days'], (refusal) => refusals.push(refusal))
  await askAll(offer, everything(offer), asker)
  expect(refusals.at(-1)).toContain('expected a window of time, not ""')
})

type Answer = readonly number[] | number | string | undefined

/** Answers in order; undefined goes back. Notes each question, and what it says of nothing. */
function scripted(answers: readonly Answer[], refused: (refusal: string | undefined) => void = () => {}) {
  const pending = [...answers]
  const asked: string[] = []
  const said: string[] = []
  const chosen: (readonly number[])[] = []
  const next = () => {
    if (pending.length === 0) throw new Error(`asked more than was expected: ${asked.join('\n')}`)
    return pending.shift()
  }
  const asker: Asker = {
    many: async ({ title, items, chosen: before, refuse }) => {
      chosen.push([...before])
      refused(refuse(new Set()))
      asked.push(
        `${title}: ${items
          .filter((_, index) => before.has(index))
          .map(({ name }) => name)
          .join(', ')}`,
      )
      const answer = next()
      return Array.isArray(answer) ? new Set(answer) : undefined
    },
    one: async ({ title, items }) => {
      asked.push(`${title}: ${items.map(({ name }) => name).join(', ')}`)
      const answer = next()
      return typeof answer === 'number' ? answer : undefined
    },
    text: async ({ title, initial, refuse }) => {
      refused(refuse(''))
      asked.push(`${title}: ${initial}`)
      const answer = next()
      return typeof answer === 'string' ? answer : undefined
    },
    say: (lines) => said.push(...lines),
  }
  return { asker, asked, said, chosen }
}
