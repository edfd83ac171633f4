import { describe, expect, test } from 'vitest'
import { film, logs, needs, relation, select } from '../support/scope-database.ts'

describe('what is needed', () => {
  test('a view of an excluded table is left out, with what needs it', () => {
    const more = [needs(3, 'pg_proc', 20, 'function public.f(public.titles)'), needs(20, 'pg_operator', 30, 'operator public.=', 'pg_proc')]
    const database = { ...film(), dependencies: [...film().dependencies, ...more] }
    const { problems, rules, selections, leftOut } = select([database], { exclude: ['film'] })
    expect(problems).toEqual([])
    expect(rules).toEqual({ film: 'excluded', actor: 'full', titles: 'excluded', film_id_seq: 'excluded' })
    expect(selections.get(3)?.leftOut).toBe(true)
    expect(selections.get(4)?.leftOut).toBeUndefined()
    expect(leftOut).toEqual([
      'view public.titles needs pg_class/1',
      'function public.f(public.titles) needs pg_class/3',
      'operator public.= needs pg_proc/20',
    ])
  })

  test('a view that is excluded itself is no news', () => {
    expect(select([film()], { exclude: ['film', 'titles'] })).toMatchObject({ problems: [], leftOut: [] })
  })

  test('a view that was named to be there isn’t left out, unless by a pattern', () => {
    const { problems } = select([film()], { include: ['actor', 'titles'] })
    expect(problems).toMatchObject([{ code: 'dependency-excluded', relation: '"public"."film"' }])
    expect(problems[0]?.message).toBe('"public"."film" is left out, but view public.titles needs it.')
    expect(select([film()], { include: ['actor', 'titl*'] })).toMatchObject({
      problems: [],
      leftOut: ['view public.titles needs pg_class/1'],
    })
  })

  test('what a kept table is made of forbids it, and the chain is told', () => {
    const more = [
      needs(1, 'pg_proc', 20, 'function public.f()'),
      { ...needs(20, 'pg_attrdef', 30, 'default value for public.actor.film', 'pg_proc'), relation: 2, tie: 'firm' as const },
    ]
    const database = { ...film(), dependencies: [...film().dependencies, ...more] }
    const { problems } = select([database], { exclude: ['film'] })
    expect(problems.map(({ message }) => message)).toEqual([
      '"public"."film" is left out, but function public.f() needs it, and default value for public.actor.film needs pg_proc/20.',
    ])
    expect(select([database], { exclude: ['film', 'actor'] }).problems).toEqual([])
  })

  test('parts of what goes anyway are not told', () => {
    const trigger = { ...needs(1, 'pg_trigger', 20, 'trigger t on public.actor'), relation: 2 }
    const database = { ...film(), dependencies: [...film().dependencies, trigger] }
    expect(select([database], { exclude: ['film'] }).leftOut).toContain('trigger t on public.actor needs pg_class/1')
    expect(select([database], { exclude: ['film', 'actor'] }).leftOut).toEqual(['view public.titles needs pg_class/1'])
  })

  test('an inheritance parent, but not a partitioned table without one of its partitions', () => {
    const database = { ...film(), relations: [...film().relations, relation(9, 'sequel', { parents: [1] })] }
    expect(select([database], { exclude: ['film', 'titles'] }).problems).toMatchObject([
      { message: '"public"."film" is left out, but "public"."sequel" inherits from it.' },
    ])
    expect(select([logs()], { exclude: ['y2024'] }).problems).toEqual([])
  })
})
