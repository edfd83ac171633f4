import type { Answers } from './answers.ts'

/** One question, with what was answered before and what an answer makes of all of them. Texts may be shown as they are. */
export type Question = Many | One | Text

export interface QuestionItem {
  readonly name: string
  /** Shown beside it, aligned. */
  readonly details: readonly string[]
}

export interface Many {
  readonly type: 'many'
  readonly title: string
  /** What it means to choose nothing. */
  readonly none: string
  readonly items: readonly QuestionItem[]
  /** By index. */
  readonly chosen: ReadonlySet<number>
  readonly refuse: (chosen: ReadonlySet<number>) => string | undefined
  readonly answer: (chosen: ReadonlySet<number>) => Answers
}

interface One {
  readonly type: 'one'
  readonly title: string
  readonly items: readonly QuestionItem[]
  readonly chosen: number
  readonly answer: (index: number) => Answers
}

interface Text {
  readonly type: 'text'
  readonly title: string
  readonly hint: string
  readonly initial: string
  readonly refuse: (text: string) => string | undefined
  readonly answer: (text: string) => Answers
}
