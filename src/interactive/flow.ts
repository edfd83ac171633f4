import type { Answers } from './answers.ts'
import type { Offer } from './offer.ts'
import type { Asker } from './prompts/asker.ts'
import type { Question } from './question.ts'
import { questionsOf } from './questions.ts'

/** Asks from the given question on to the last, back and forth; where there's no way back, says so. */
export async function askAll(offer: Offer, answers: Answers, asker: Asker, from: 'first' | 'last' = 'first'): Promise<Answers> {
  let current = answers
  let at = from === 'first' ? 0 : questionsOf(offer, answers).length - 1
  for (;;) {
    const question = questionsOf(offer, current)[at]
    if (question === undefined) return current
    const changed = await ask(question, asker)
    if (changed !== undefined) {
      current = changed
      at += 1
    } else if (at > 0) at -= 1
    else asker.say(['This is the first question: ctrl-c leaves.'])
  }
}

/** Undefined: back. */
async function ask(question: Question, asker: Asker): Promise<Answers | undefined> {
  switch (question.type) {
    case 'many': {
      const chosen = await asker.many(question)
      return chosen === undefined ? undefined : question.answer(chosen)
    }
    case 'one': {
      const index = await asker.one(question)
      return index === undefined ? undefined : question.answer(index)
    }
    case 'text': {
      const text = await asker.text(question)
      return text === undefined ? undefined : question.answer(text)
    }
  }
}
