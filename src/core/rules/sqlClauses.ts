/**
 * Where in the statement the clauses stand that findings speak of. A plan does not say which clause a condition comes
 * from, so it is looked for by the columns that it reads; where several fit, none is named.
 */
import type { Node, RangeVar, SelectStmt } from 'libpg-query';
import type { PlanNode, TextRange } from '../../shared/report.ts';
import { readSortKeys } from '../advisor/conditions.ts';
import { utf8Offsets } from '../sql/offsets.ts';
import type { SqlParser } from '../sql/parser.ts';
import { bindPlaceholders } from '../sql/placeholders.ts';
import { scanTokens, type Token, withoutComments } from '../sql/tokens.ts';
import { type Condition, type ConditionTest, readTest } from './condition.ts';
import { type ColumnName, conjunctsOf, visit } from './conditionNodes.ts';

/** The statement's clauses; undefined when it does not parse. */
export function readSqlClauses(parser: SqlParser, sql: string): SqlClauses | undefined {
  const bound = bindPlaceholders(parser, sql);
  const tokens = scanTokens(parser, bound.sql);
  if (tokens === undefined) return undefined;
  try {
    const statements = (parser.parse(bound.sql).stmts ?? []).flatMap(({ stmt }) => stmt ?? []);
    return new SqlClauses(parser, bound, withoutComments(tokens), statements);
  } catch {
    return undefined;
  }
}

interface BoundText {
  readonly sql: string;
  originalOffset(offset: number): number;
}

interface Clause {
  readonly test: ConditionTest;
  readonly node: Node;
  /** The same for tests that are AND-ed with each other. */
  readonly group: Node;
  /** What the query that it belongs to reads. */
  readonly tables: ReadonlySet<string>;
}

interface SubQuery {
  readonly node: Node;
  readonly tables: ReadonlySet<string>;
  readonly isNotIn: boolean;
}

interface Cte {
  readonly name: string;
  readonly node: Node;
  readonly tables: ReadonlySet<string>;
  readonly inlined: boolean;
}

export class SqlClauses {
  readonly #parser: SqlParser;
  readonly #text: BoundText;
  readonly #tokens: readonly Token[];
  readonly #unit: (byteOffset: number) => number;
  readonly #selects: SelectStmt[] = [];
  readonly #tests: Clause[] = [];
  readonly #subQueries: SubQuery[] = [];
  /** Sub-queries that were collected together with their NOT. */
  readonly #negated = new Set<Node>();
  readonly #ctes: Cte[] = [];

  constructor(parser: SqlParser, text: BoundText, tokens: readonly Token[], statements: readonly Node[]) {
    this.#parser = parser;
    this.#text = text;
    this.#tokens = tokens;
    this.#unit = utf8Offsets(text.sql);
    visit(statements, (node) => this.#collect(node));
  }

  /**
   * The tests of WHERE, ON or HAVING that a condition of a plan's node holds: all of them when they stand together, else
   * the first.
   */
  ofCondition(condition: Condition | undefined, { relation }: PlanNode): TextRange | undefined {
    const found = (condition ?? []).flatMap((test) => this.#clauseOf(test, relation) ?? []);
    const [first] = found;
    if (first === undefined) return undefined;
    const group = this.#tests.filter((clause) => clause.group === first.group);
    const places = [...new Set(found)].map((clause) => group.indexOf(clause)).toSorted((a, b) => a - b);
    const together = places.every((place, i) => place >= 0 && (i === 0 || place === places[i - 1]! + 1));
    return together ? this.#rangeOf(places.map((place) => group[place]!.node)) : this.#rangeOf([first.node]);
  }

  /** The ORDER BY that a plan's sort keys begin with. */
  ofSortKeys(keys: readonly string[]): TextRange | undefined {
    const columns = readSortKeys(this.#parser, keys);
    if (columns === undefined) return undefined;
    const fitting = this.#selects.filter(({ sortClause = [] }) =>
      sortClause.every((item, i) => {
        if (!('SortBy' in item) || item.SortBy.node === undefined) return false;
        const [name, ...more] = readTest(item.SortBy.node).columns;
        return name !== undefined && more.length === 0 && name.column === columns[i]?.column;
      }),
    );
    const range = only(fitting.filter(({ sortClause }) => sortClause !== undefined));
    return range?.sortClause && this.#rangeOf(range.sortClause, ['by', 'order'], directions);
  }

  /** The only LIMIT of the statement. */
  ofLimit(): TextRange | undefined {
    const limit = only(this.#selects.flatMap(({ limitCount }) => limitCount ?? []));
    return limit && this.#rangeOf([limit], ['limit']);
  }

  /** The only OFFSET of the statement. */
  ofOffset(): TextRange | undefined {
    const offset = only(this.#selects.flatMap(({ limitOffset }) => limitOffset ?? []));
    return offset && this.#rangeOf([offset], ['offset']);
  }

  /** The sub-query of an expression that reads exactly these tables. */
  ofSubQuery(tables: ReadonlySet<string>, kind: 'any kind' | 'NOT IN'): TextRange | undefined {
    const found = only(
      this.#subQueries.filter((each) => (kind !== 'NOT IN' || each.isNotIn) && sameSet(each.tables, tables)),
    );
    return found && this.#rangeOf([found.node]);
  }

  /** The CTE of this name. */
  ofCte(name: string): TextRange | undefined {
    const cte = only(this.#ctes.filter((each) => each.name === name));
    return cte && this.#rangeOf([cte.node]);
  }

  /** The CTE that is written NOT MATERIALIZED and reads exactly these tables. */
  inlinedCte(
    tables: ReadonlySet<string>,
  ): { readonly name: string; readonly range: TextRange | undefined } | undefined {
    const cte = only(this.#ctes.filter((each) => each.inlined && sameSet(each.tables, tables)));
    return cte && { name: cte.name, range: this.#rangeOf([cte.node]) };
  }

  /** The only "*" of a target list. */
  ofStar(): TextRange | undefined {
    const star = only(
      this.#selects.flatMap(({ targetList = [] }) =>
        targetList.filter((target) => {
          const value = 'ResTarget' in target ? target.ResTarget.val : undefined;
          const last = value && 'ColumnRef' in value ? value.ColumnRef.fields?.at(-1) : undefined;
          return last !== undefined && 'A_Star' in last;
        }),
      ),
    );
    return star && this.#rangeOf([star]);
  }

  #collect(node: Node): void {
    if ('SelectStmt' in node) {
      this.#collectSelect(node.SelectStmt);
    } else if ('UpdateStmt' in node) {
      const { relation, fromClause = [], whereClause } = node.UpdateStmt;
      this.#collectTests([whereClause], tablesIn(fromClause, relation));
    } else if ('DeleteStmt' in node) {
      const { relation, usingClause = [], whereClause } = node.DeleteStmt;
      this.#collectTests([whereClause], tablesIn(usingClause, relation));
    } else if ('JoinExpr' in node) {
      this.#collectTests([node.JoinExpr.quals], tablesIn([node]));
    } else if ('SubLink' in node) {
      if (!this.#negated.has(node)) this.#subQueries.push({ node, tables: tablesIn([node]), isNotIn: false });
    } else if ('BoolExpr' in node) {
      const inner = negated(node);
      if (inner !== undefined && 'SubLink' in inner) {
        this.#negated.add(inner);
        const isNotIn = inner.SubLink.subLinkType === 'ANY_SUBLINK';
        this.#subQueries.push({ node, tables: tablesIn([node]), isNotIn });
      }
    } else if ('CommonTableExpr' in node) {
      const { ctename, ctematerialized } = node.CommonTableExpr;
      this.#ctes.push({
        name: ctename ?? '',
        node,
        tables: tablesIn([node]),
        inlined: ctematerialized === 'CTEMaterializeNever',
      });
    }
  }

  /** The arms of a UNION come without the wrapper that other queries have. */
  #collectSelect(select: SelectStmt): void {
    const pending = [select];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const { fromClause = [], whereClause, havingClause, larg, rarg } = next;
      this.#selects.push(next);
      this.#collectTests([whereClause, havingClause], tablesIn(fromClause));
      if (rarg) pending.push(rarg);
      if (larg) pending.push(larg);
    }
  }

  #collectTests(clauses: readonly (Node | undefined)[], tables: ReadonlySet<string>): void {
    for (const clause of clauses) {
      if (clause === undefined) continue;
      for (const node of conjunctsOf(clause))
        this.#tests.push({ test: readTest(node), node, group: clause, tables });
    }
  }

  /** The one clause that reads the same columns; of several, the one that names them alike, then that asks the same. */
  #clauseOf(test: ConditionTest, relation: string | undefined): Clause | undefined {
    const key = columnKey(test, false);
    if (key === '') return undefined;
    let fitting: readonly Clause[] = this.#tests.filter(
      (clause) => columnKey(clause.test, false) === key && qualifiersFit(clause.test, test),
    );
    const hints: readonly ((clause: Clause) => boolean)[] = [
      (clause) => relation !== undefined && clause.tables.has(relation),
      (clause) => columnKey(clause.test, true) === columnKey(test, true),
      (clause) => clause.test.operator === test.operator,
      (clause) => operatorsFit(clause.test, test),
    ];
    for (const hint of hints) {
      const better = fitting.filter(hint);
      if (better.length > 0) fitting = better;
    }
    return only(fitting);
  }

  /** From the first token of these nodes to the last, with the words before and behind them that belong to them. */
  #rangeOf(
    nodes: readonly Node[],
    leading: readonly string[] = [],
    trailing: ReadonlySet<string> = new Set(),
  ): TextRange | undefined {
    let first = Infinity;
    let last = -1;
    visit(nodes, (node) => {
      // At the very beginning the parser leaves the location out, where no clause stands; unknown is −1.
      const { location } = node as { readonly location?: unknown };
      if (typeof location !== 'number' || location < 0) return;
      first = Math.min(first, location);
      last = Math.max(last, location);
    });
    if (last < 0) return undefined;
    const lastNamed = this.#tokenAt(this.#unit(last));
    let [from, to] = this.#spanOf(this.#tokenAt(this.#unit(first)), lastNamed);
    while (leading.length > 0 && this.#wordAt(from - 1) === '(' && this.#wordAt(to + 1) === ')') {
      from--;
      to++;
    }
    for (const word of leading) if (this.#wordAt(from - 1) === word) from--;
    while (trailing.has(this.#wordAt(to + 1))) to++;
    const [start, end] = [this.#tokens[from]?.start, this.#tokens[to]?.end];
    if (start === undefined || end === undefined) return undefined;
    return { start: this.#text.originalOffset(start), end: this.#text.originalOffset(end) };
  }

  #wordAt(at: number): string {
    return this.#tokens[at]?.text.toLowerCase() ?? '';
  }

  /** Nodes know where they begin: an operand goes on until a token that cannot be part of it. */
  #spanOf(begin: number, lastNamed: number): [from: number, to: number] {
    let from = begin;
    let to = lastNamed;
    let depth = 0;
    for (let at = from; at < this.#tokens.length; at++) {
      const word = this.#wordAt(at);
      if (at > lastNamed && depth === 0 && endsOperand.has(word)) break;
      if (word === '(' || word === '[') depth++;
      if (word === ')' || word === ']') depth--;
      if (depth < 0) {
        // The parenthesis was opened before the first token that a node names.
        if (this.#wordAt(from - 1) !== '(') break;
        from--;
        depth++;
      }
      to = Math.max(to, at);
    }
    return [from, to];
  }

  #tokenAt(offset: number): number {
    let low = 0;
    let high = this.#tokens.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#tokens[middle]?.start ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** What follows the expression of an ORDER BY. */
const directions = new Set(['asc', 'desc', 'nulls', 'first', 'last']);

/** What may follow an expression: the words and marks that end it. */
const endsOperand = new Set(
  (
    ') ] , ; and or as asc desc nulls using group order having limit offset fetch for window union intersect except ' +
    'returning on where from join left right full inner cross natural then else end when select insert update delete ' +
    'merge values set'
  ).split(' '),
);

/** The list's only item. */
function only<T>(items: readonly T[]): T | undefined {
  return items.length === 1 ? items[0] : undefined;
}

function negated(node: Node): Node | undefined {
  return 'BoolExpr' in node && node.BoolExpr.boolop === 'NOT_EXPR' ? node.BoolExpr.args?.[0] : undefined;
}

/** Tables by their names; a statement's target comes without the wrapper that nodes of lists have. */
function tablesIn(nodes: readonly Node[], target?: RangeVar): ReadonlySet<string> {
  const tables = new Set<string>(target?.relname === undefined ? [] : [target.relname]);
  visit(nodes, (each) => {
    if ('RangeVar' in each && each.RangeVar.relname !== undefined) tables.add(each.RangeVar.relname);
  });
  return tables;
}

function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size > 0 && a.size === b.size && [...a].every((item) => b.has(item));
}

/** The columns that are read, in any order. NUL cannot be part of a name. */
function columnKey({ columns, otherColumns }: ConditionTest, qualified: boolean): string {
  return [...columns, ...otherColumns]
    .map(({ column, qualifier }) => (qualified ? `${qualifier ?? ''}.${column}` : column))
    .toSorted()
    .join('\0');
}

/** No table that the statement names contradicts the plan's; the plan adds "_1" to aliases used twice. */
function qualifiersFit(written: ConditionTest, planned: ConditionTest): boolean {
  const names = new Set(
    [...planned.columns, ...planned.otherColumns].flatMap(({ qualifier }: ColumnName) => qualifier ?? []),
  );
  if (names.size === 0) return true;
  return written.columns.every(
    ({ qualifier }) =>
      qualifier === undefined ||
      names.has(qualifier) ||
      [...names].some((name) => name.startsWith(`${qualifier}_`)),
  );
}

/** BETWEEN is two tests in a plan, IN is "= ANY". */
function operatorsFit(written: ConditionTest, planned: ConditionTest): boolean {
  if (written.operator === 'BETWEEN') return planned.kind === 'range';
  return written.kind === planned.kind;
}
