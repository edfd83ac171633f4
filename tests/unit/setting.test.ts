import { expect, test } from 'vitest'
import { settingAssignment } from '../../src/sql/setting.ts'

test.each([
  ['work_mem', '8MB', `"work_mem" to '8MB'`],
  ['my.own', `it's \\ "x"`, `"my.own" to  E'it''s \\\\ "x"'`],
  ['search_path', '"$user", public', `"search_path" to '$user', 'public'`],
  ['Search_Path', '"a, ""b""",c', `"Search_Path" to 'a, "b"', 'c'`],
  ['search_path', '""', `"search_path" to ''`],
  ['search_path', '', `"search_path" to ''`],
  ['DateStyle', 'German, DMY', `"DateStyle" to 'German, DMY'`],
])('the setting %s stored as %s is assigned as %s', (name, stored, expected) => {
  expect(settingAssignment(name, stored)).toBe(expected)
})
