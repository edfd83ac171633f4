/** What a table is called in statements that read its rows: a predicate's subqueries may refer to the row by it. */
export const rowAlias = 'copied_row'
