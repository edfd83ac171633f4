export { askUrls } from './ask-urls.ts'
export { chooseScope } from './choose-scope.ts'
export { terminalAsker } from './prompts/asker.ts'
export type { Terminal } from './prompts/screen.ts'
