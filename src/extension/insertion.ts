/** Where a suggestion's DDL goes in the document that the statement came from: on lines of its own, right behind it. */

export interface Insertion {
  /** UTF-16 offset. */
  readonly offset: number;
  readonly text: string;
}

/** Behind the statement; at the end of the document when the statement was edited away. */
export function insertionOf(documentText: string, statement: string, ddl: string): Insertion {
  const newline = documentText.includes('\r\n') ? '\r\n' : '\n';
  const block = `${newline}${newline}${ddl}${newline}`;
  const start = documentText.indexOf(statement);
  if (start < 0) return { offset: documentText.length, text: block };
  const end = start + statement.length;
  // The statement comes without its semicolon, and the last one of a file may have none.
  const semicolon = /^\s*;/.exec(documentText.slice(end));
  if (!semicolon) return { offset: end, text: `;${block}` };
  const behind = end + semicolon[0].length;
  // A comment that closes the line speaks of the statement: it stays with it.
  const comment = /^[^\S\r\n]*(--[^\r\n]*)?(?=\r?\n|$)/.exec(documentText.slice(behind));
  return { offset: behind + (comment?.[0].length ?? 0), text: block };
}
