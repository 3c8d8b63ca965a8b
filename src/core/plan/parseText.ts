/**
 * FORMAT TEXT of PostgreSQL 9.6–18, and of Citus → the raw tree that FORMAT JSON gives. Finds the plans in whatever
 * text is around them. One pass over the lines; never throws, odd lines are kept with the node above them.
 */
import type { Problem } from '../../shared/report.ts';
import type { RawValue } from './raw.ts';
import type { RawDraft } from './rawBuilder.ts';
import { completePlan } from './text/complete.ts';
import type { PlanDraft } from './text/drafts.ts';
import { keyOf, labelOf, type TextLine, toLogicalLines } from './text/lines.ts';
import { problemsOf } from './text/missing.ts';
import { readNodeName } from './text/nodeName.ts';
import { type NodeLine, nodeLineOf, PlanBuilder } from './text/planBuilder.ts';
import { isHeaderKey, isTopKey } from './text/topLines.ts';

export interface ParsedText {
  /** One plan each. */
  readonly documents: readonly RawValue[];
  readonly problems: readonly Problem[];
  /** Documents that lack their end. */
  readonly cut: readonly RawValue[];
}

export function parseText(text: string): ParsedText {
  const reader = new TextReader(toLogicalLines(text));
  const plans = reader.read();
  for (const plan of plans) completePlan(plan);
  const problems = plans.map(problemsOf);
  const isCut = (index: number) => problems[index]!.some(({ code }) => code === 'cut-off');
  const documents = plans.map((plan) => plan.tops[0]!.raw);
  return { documents, problems: problems.flat(), cut: documents.filter((_, index) => isCut(index)) };
}

class TextReader {
  readonly #lines: readonly TextLine[];
  readonly #plans: PlanDraft[] = [];
  #builder: PlanBuilder | undefined;
  /** Lines of "Query Text" and "Query Parameters" above the next plan. */
  readonly #header = new Header();
  #isAfterBlank = false;
  /** Lines that look like no plan's: part of it after all if it goes on behind them (a paste that was wrapped). */
  #doubtful: TextLine[] = [];
  /** They began behind a blank line. */
  #isProse = false;

  constructor(lines: readonly TextLine[]) {
    this.#lines = lines;
  }

  read(): readonly PlanDraft[] {
    for (const [index, line] of this.#lines.entries()) {
      if (line.body === '') this.#isAfterBlank = true;
      else {
        this.#readLine(line, index);
        this.#isAfterBlank = false;
      }
    }
    return this.#plans;
  }

  #readLine(line: TextLine, index: number): void {
    const node = nodeLineOf(line);
    if (this.#builder && this.#continues(this.#builder, line, node)) return;
    const root = node?.hasMeasures === true ? node : this.#bareRoot(line, index);
    if (root) {
      this.#builder = new PlanBuilder(root, this.#header.take());
      this.#endDoubt();
      this.#plans.push(this.#builder.draft);
    } else if (!this.#header.read(line) && this.#builder) {
      this.#doubtful.push(line);
      this.#isProse ||= this.#isAfterBlank;
    } else this.#builder = undefined;
  }

  /** True when the line was read as part of the plan. */
  #continues(builder: PlanBuilder, line: TextLine, node: NodeLine | undefined): boolean {
    const isFurtherIn = line.column > builder.rootColumn;
    if (node) {
      // Without an arrow, or as far out as the root's own arrow, it is the root of another plan.
      const isBelow = isFurtherIn || (line.nameColumn !== undefined && line.nameColumn > builder.rootColumn);
      if (!isBelow || !(node.hasMeasures || this.#isBareNode(builder, node, isFurtherIn))) return false;
      this.#keepDoubtful(builder);
      builder.readNode(node);
      return true;
    }
    const key = keyOf(line.body);
    if (key !== undefined && isHeaderKey(key)) return false;
    // After a blank line or prose only what is surely a plan's, for prose is indented and has colons too.
    const isSure = (key !== undefined && isTopKey(key)) || line.body.startsWith('Trigger ');
    const isDoubtful = this.#isAfterBlank || this.#isProse || (this.#doubtful.length > 0 && !isFurtherIn);
    if (isDoubtful && !isSure) return false;
    if (isFurtherIn) this.#keepDoubtful(builder);
    return builder.readOther(line);
  }

  /** An arrow without measures: what it stands among tells whether it is a node. Prose has arrows, too. */
  #isBareNode(builder: PlanBuilder, { isKnown }: NodeLine, isFurtherIn: boolean): boolean {
    if (builder.hasEnded) return false;
    const isApart = this.#isAfterBlank || this.#isProse;
    if (isKnown) return !isApart || (builder.isBare && isFurtherIn);
    return isFurtherIn && !isApart && this.#doubtful.length === 0;
  }

  #keepDoubtful(builder: PlanBuilder): void {
    for (const line of this.#doubtful) builder.keep(line);
    this.#endDoubt();
  }

  #endDoubt(): void {
    this.#doubtful = [];
    this.#isProse = false;
  }

  /** Without costs and measures only the name tells: a node of PostgreSQL's, and below it what belongs to one. */
  #bareRoot(line: TextLine, index: number): NodeLine | undefined {
    const { fields, isKnown } = readNodeName(line.body);
    if (!isKnown) return undefined;
    const next = this.#lines[index + 1];
    const isFollowed =
      next === undefined || next.body === ''
        ? // An arrow with a name may be prose.
          line.nameColumn === undefined
        : (next.column > line.column &&
            (next.nameColumn !== undefined ||
              keyOf(next.body) !== undefined ||
              labelOf(next.body) !== undefined)) ||
          isTopKey(keyOf(next.body) ?? '');
    return isFollowed ? { line, fields, isCut: false, hasMeasures: false, isKnown } : undefined;
  }
}

/** auto_explain prints the statement above its plan, over as many lines as it has. */
class Header {
  #fields: Record<string, string[]> = {};
  #key: string | undefined;

  /** False when the line belongs to no header. */
  read(line: TextLine): boolean {
    const key = keyOf(line.body);
    if (key !== undefined && isHeaderKey(key)) {
      this.#key = key;
      this.#fields[key] = [line.body.slice(key.length + 1).trimStart()];
    } else if (this.#key !== undefined) this.#fields[this.#key]!.push(line.body);
    return this.#key !== undefined;
  }

  take(): RawDraft {
    const fields = Object.entries(this.#fields).map(([key, lines]) => [key, lines.join('\n')] as const);
    this.#fields = {};
    this.#key = undefined;
    return Object.fromEntries(fields);
  }
}
