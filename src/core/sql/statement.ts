/** One statement of a text, as it stands there. */
export interface SqlStatement {
  /** UTF-16 offset of its first token (of its leading hint, where there is one). */
  readonly start: number;
  /** UTF-16 offset after its last token; comments behind it and the ";" are left out. */
  readonly end: number;
  /** Exactly the text between `start` and `end`. */
  readonly text: string;
  /** The parser's node type, "SelectStmt"; "unknown" when it does not parse. */
  readonly kind: string;
  /** PostgreSQL can explain it and the product profiles it; for EXPLAIN the statement inside decides. */
  readonly explainable: boolean;
  readonly syntaxError?: SyntaxFault;
}

export interface SyntaxFault {
  /** The parser's own words: `syntax error at or near "frm"`. */
  readonly message: string;
  /** UTF-16 offset in the text that was read. */
  readonly offset: number;
}
