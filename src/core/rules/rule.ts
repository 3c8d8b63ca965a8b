/** What a rule is, and what it may ask. One rule, one file; index.ts lists them all. */
import type { Finding, Plan, PlanNode, Severity, TextRange } from '../../shared/report.ts';
import { formatMs, formatPercent } from '../../shared/format.ts';
import { readSortKeys, type SortColumn } from '../advisor/conditions.ts';
import type { SqlParser } from '../sql/parser.ts';
import type { Condition } from './condition.ts';
import type { ColumnName } from './conditionNodes.ts';
import { readCondition, withOwnName } from './condition.ts';
import { groupBy } from '../../shared/groupBy.ts';
import { textDetail, textsDetail } from './wording.ts';
import { readSqlClauses, type SqlClauses } from './sqlClauses.ts';

export interface RuleOptions {
  /** The user's limit for one execution. */
  readonly slaMs: number;
  /** PostgreSQL's own parser. Without it, rules that must understand a condition are silent. */
  readonly parser?: SqlParser;
  /** The statement as the report shows it: findings then name the clause that causes them. */
  readonly sql?: string;
}

/** What a rule says; the list adds the rule's id. */
export interface Discovery {
  readonly finding: Omit<Finding, 'ruleId'>;
  /** Further nodes that it speaks of: superseded rules are silent there too. */
  readonly covers: readonly string[];
  /** Looks the clause up, for findings that are shown only. */
  readonly clause: FindClause | undefined;
}

/** Finds the clause of the statement that causes a finding. */
export type FindClause = (clauses: SqlClauses) => TextRange | undefined;

export interface Rule {
  /** Stable, kebab-case: users silence rules and scripts match findings by it. */
  readonly id: string;
  /** Rules that say less about the same cause: on the nodes of this rule's findings, theirs are dropped. */
  readonly supersedes?: readonly string[];
  /** Asked of the whole plan, once. */
  readonly checkPlan?: (context: RuleContext) => readonly Discovery[];
  /** Asked of each node that was executed, while it is at hand: a large plan is walked once for all rules. */
  readonly checkNode?: CheckNode;
  /** The node types that `checkNode` is asked of. */
  readonly types?: readonly string[] | 'all';
}

/** Most nodes give rise to nothing, and those that do to one finding of a rule; few to several. */
type CheckNode = (node: PlanNode, context: RuleContext) => Discovery | readonly Discovery[];

interface PlanRule extends Pick<Rule, 'id' | 'supersedes'> {
  readonly check: (context: RuleContext) => readonly Discovery[];
}

interface NodeRule extends Pick<Rule, 'id' | 'supersedes'> {
  readonly types: readonly string[] | 'all';
  readonly check: CheckNode;
}

/** A rule about single nodes of certain types. Documented as `defineRule` says. */
export function defineNodeRule({ check, ...rule }: NodeRule): Rule {
  return { ...rule, checkNode: check };
}

/**
 * Gives a rule about a plan as a whole its shape. The doc comment above the call says what it looks for, and, each on lines of its own, Why,
 * Threshold, Trap (where it is silent), Savable (how that time is bounded) and Fix.
 */
export function defineRule({ check, ...rule }: PlanRule): Rule {
  return { ...rule, checkPlan: check };
}

/** A finding before it is weighed. */
export interface Remark extends Pick<Finding, 'title' | 'detail' | 'fix'> {
  readonly node?: PlanNode | undefined;
  readonly savableMs?: number | undefined;
  /** In place of the one that follows from the savable time. */
  readonly severity?: Severity;
  /** What is undefined is left out. */
  readonly evidence: Readonly<Record<string, number | string | undefined>>;
  readonly covers?: readonly PlanNode[];
  readonly clause?: FindClause;
}

/** A plan as rules look at it: the local nodes that ran, their neighbours, and the whole they are a part of. */
export class RuleContext {
  readonly plan: Plan;
  readonly slaMs: number;
  /**
   * Nodes that were executed here; all local ones of a plan that was not executed. Never executed ones have nothing
   * to tell, and those of remote plans (Citus) ran on another clock: each is looked at as a plan of its own. The one that
   * a cut plan ends in may lack its condition: what rules would make of that is not known.
   */
  readonly nodes: readonly PlanNode[];
  /** What shares are shares of: the execution time, else the root's. */
  readonly totalMs: number | undefined;
  readonly #parser: SqlParser | undefined;
  readonly #sql: string | undefined;
  readonly #whole: string;
  readonly #byId: ReadonlyMap<string, PlanNode>;
  readonly #children: ReadonlyMap<string | null, readonly PlanNode[]>;
  readonly #byType: ReadonlyMap<string, readonly PlanNode[]>;
  #scans: ReadonlyMap<string | undefined, readonly PlanNode[]> | undefined;
  readonly #computed = new Map<unknown, unknown>();
  #clauses: SqlClauses | undefined | 'not read' = 'not read';
  readonly #conditions = new Map<string, Condition | undefined>();

  /** `whole` is what shares are called shares of. */
  constructor(plan: Plan, options: RuleOptions, whole = 'the time') {
    this.plan = plan;
    this.#whole = whole;
    this.slaMs = options.slaMs;
    this.#parser = options.parser;
    this.#sql = options.sql;
    const isLocal = (node: PlanNode) => node.distributed === undefined;
    const local = plan.nodes.every(isLocal) ? plan.nodes : plan.nodes.filter(isLocal);
    const ran = (node: PlanNode) => (node.loops ?? 0) > 0;
    const executed = !plan.analyzed || local.every(ran) ? local : local.filter(ran);
    const isCut = executed.at(-1)?.missing?.includes('details') === true;
    this.nodes = isCut ? executed.slice(0, -1) : executed;
    this.totalMs = plan.executionMs ?? local[0]?.totalMs;
    this.#byId = new Map(local.map((node) => [node.id, node]));
    this.#children = groupBy(local, ({ parentId }) => parentId);
    this.#byType = groupBy(this.nodes, ({ type }) => type);
  }

  get root(): PlanNode | undefined {
    return this.plan.nodes[0];
  }

  /** Undefined without a statement, or when it does not parse. Read when first asked for. */
  get clauses(): SqlClauses | undefined {
    if (this.#clauses === 'not read') {
      this.#clauses =
        this.#parser && this.#sql !== undefined ? readSqlClauses(this.#parser, this.#sql) : undefined;
    }
    return this.#clauses;
  }

  get hasParser(): boolean {
    return this.#parser !== undefined;
  }

  /** The nodes of these types; costs nothing for the others. */
  ofType(...types: readonly string[]): readonly PlanNode[] {
    const [only = '', ...more] = types;
    const first = this.#byType.get(only) ?? [];
    return more.length === 0 ? first : [first, ...more.map((type) => this.#byType.get(type) ?? [])].flat();
  }

  /** What several rules need of the whole plan, computed for the first of them. */
  once<T>(compute: (context: RuleContext) => T): T {
    if (!this.#computed.has(compute)) this.#computed.set(compute, compute(this));
    return this.#computed.get(compute) as T;
  }

  nodeOf(id: string): PlanNode | undefined {
    return this.#byId.get(id);
  }

  parentOf(node: PlanNode): PlanNode | undefined {
    return node.parentId === null ? undefined : this.#byId.get(node.parentId);
  }

  /** Inputs, InitPlans, SubPlans and CTEs of a node. */
  childrenOf(node: PlanNode): readonly PlanNode[] {
    return this.#children.get(node.id) ?? [];
  }

  /** The children that the node reads rows from: no InitPlan, SubPlan or CTE. */
  inputsOf(node: PlanNode): readonly PlanNode[] {
    return this.childrenOf(node).filter((child) => child.subplanName === undefined);
  }

  /** The input with this Parent Relationship. */
  inputOf(node: PlanNode, relationship: 'Outer' | 'Inner'): PlanNode | undefined {
    return this.childrenOf(node).find((child) => child.relationship === relationship);
  }

  /** The node and all below it, remote plans left out. */
  subtreeOf(node: PlanNode): readonly PlanNode[] {
    const found: PlanNode[] = [];
    const pending = [node];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      found.push(next);
      pending.push(...this.childrenOf(next));
    }
    return found;
  }

  /**
   * A condition of the node; undefined without parser, or when it cannot be read. That of a join is read as one on the
   * table that `table` scans.
   */
  conditionOf(node: PlanNode, key: string, table = node): Condition | undefined {
    const text = textDetail(node, key);
    if (text === undefined || this.#parser === undefined) return undefined;
    const alias = table.alias ?? table.relation;
    // Thousands of partitions say the same, each by its own alias: read once, it is only renamed for the others.
    const place = alias === undefined ? text : text.replaceAll(`${alias}.`, '');
    if (!this.#conditions.has(place)) this.#conditions.set(place, readCondition(this.#parser, text, alias));
    const condition = this.#conditions.get(place);
    return alias === undefined ? condition : condition && withOwnName(condition, alias);
  }

  /** The columns of a Sort Key or Group Key; undefined without parser, or when one of them is no bare column. */
  columnsOf(node: PlanNode, key: 'Sort Key' | 'Group Key'): readonly SortColumn[] | undefined {
    const texts = textsDetail(node, key);
    return this.#parser && texts.length > 0 ? readSortKeys(this.#parser, texts) : undefined;
  }

  /** The columns that the keys are made of, by themselves or in expressions; undefined where one cannot be read. */
  keyColumnsOf(node: PlanNode, key: 'Group Key'): readonly ColumnName[] | undefined {
    const parser = this.#parser;
    if (parser === undefined) return undefined;
    const keys = textsDetail(node, key).map((text) => readCondition(parser, text, undefined));
    return keys.every((tests) => tests !== undefined)
      ? keys.flatMap((tests) => tests.flatMap(({ columns }) => columns))
      : undefined;
  }

  /** The scan of the table with this alias; without one, as short plans print, the only scan of a table. */
  scanOf(alias: string | undefined): PlanNode | undefined {
    this.#scans ??= groupBy(
      this.nodes.filter(({ relation, type }) => relation !== undefined && type !== 'ModifyTable'),
      (scan) => scan.alias ?? scan.relation,
    );
    if (alias !== undefined) return this.#scans.get(alias)?.[0];
    const [only, ...more] = this.#scans.values();
    return more.length === 0 && only?.length === 1 ? only[0] : undefined;
  }

  shareOf(ms: number): number | undefined {
    return this.totalMs === undefined || this.totalMs <= 0 ? undefined : Math.min(1, ms / this.totalMs);
  }

  /** The node's own part of the work: of the time, or of the cost where nothing was timed. */
  ownShareOf(node: PlanNode): number {
    const share = node.selfMs === undefined ? undefined : this.shareOf(node.selfMs);
    if (share !== undefined) return share;
    const cost = this.root?.cost ?? 0;
    return cost > 0 ? Math.min(1, node.selfCost / cost) : 0;
  }

  /** " (47 % of the time)", or nothing where the plan has no times. */
  shareText(ms: number): string {
    const share = this.shareOf(ms);
    return share === undefined ? '' : ` (${formatPercent(share)} of ${this.#whole})`;
  }

  /** " Sorting took 3.20 ms (12 % of the time)." of the node's own time; nothing where it was not timed. */
  timeText({ selfMs }: PlanNode, whatTook: string): string {
    return selfMs === undefined ? '' : ` ${whatTook} ${formatMs(selfMs)}${this.shareText(selfMs)}.`;
  }

  /** Severity by the time at stake. Without times it cannot be weighed: a warning. */
  severityOf(savableMs: number | undefined, wholeMs = this.totalMs): Severity {
    if (savableMs === undefined || wholeMs === undefined || wholeMs <= 0) return 'warning';
    const share = savableMs / wholeMs;
    if (share >= criticalShare && savableMs >= criticalMs) return 'critical';
    return share >= warningShare && savableMs >= warningMs ? 'warning' : 'info';
  }

  /** The finding that a remark makes; its severity follows from what it could save. */
  discover({ node, savableMs, severity, evidence, covers = [], clause, ...words }: Remark): Discovery {
    const named = Object.entries(evidence).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, rounded(value)] as const],
    );
    return {
      finding: {
        severity: severity ?? this.severityOf(savableMs),
        ...(node && { nodeId: node.id }),
        ...words,
        evidence: Object.fromEntries(named),
        ...(savableMs !== undefined && { savableMs: Math.max(0, savableMs) }),
      },
      covers: covers.map(({ id }) => id),
      clause,
    };
  }
}

/** pgAdmin, PEV2 and depesz call a node bad from 40–50 % of the time, and remarkable from 10 %. */
const criticalShare = 0.4;
const warningShare = 0.1;
/** Below these a person cannot notice the gain of one execution, whatever its share. */
const criticalMs = 10;
const warningMs = 1;

/** EXPLAIN prints microseconds; shares and averages are worth three digits. */
const decimals = 3;

/** Counts stay as they are. */
function rounded(value: number | string): number | string {
  if (typeof value === 'string' || Number.isInteger(value)) return value;
  return Number(Math.abs(value) < 1 ? value.toPrecision(decimals) : value.toFixed(decimals));
}
