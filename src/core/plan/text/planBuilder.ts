/** Lines → plan drafts. Indentation is the only thing that TEXT says about the tree. */
import type { RawDraft } from '../rawBuilder.ts';
import type { Group } from './citus.ts';
import { addRemoteTop, detailTarget, openGroup } from './citus.ts';
import { keepLine, readDetail } from './details.ts';
import type { NodeDraft, PlanDraft, TopDraft } from './drafts.ts';
import { addNode, createTop, listAt, workerAt } from './drafts.ts';
import { keyOf, labelOf, type TextLine, workerOf } from './lines.ts';
import { holdsUnreadMeasures, readActual, splitHeadline } from './measures.ts';
import { readNodeName } from './nodeName.ts';
import { isTopKey, readTrigger, timesBelow } from './topLines.ts';

/** What lines further in than `column` belong to. */
type Open = { readonly column: number } & (
  | { readonly kind: 'node'; readonly node: NodeDraft; readonly top: TopDraft }
  | { readonly kind: 'label'; readonly fields: RawDraft }
  | { readonly kind: 'section'; readonly raw: RawDraft }
  | { readonly kind: 'group'; readonly group: Group }
);

/** "->" and two spaces. */
const arrowWidth = 4;

export interface NodeLine {
  readonly line: TextLine;
  readonly fields: RawDraft;
  readonly isCut: boolean;
  /** Understood or not. An arrow alone makes no node: prose has arrows too. */
  readonly hasMeasures: boolean;
  /** Its name is one of PostgreSQL's. */
  readonly isKnown: boolean;
}

/** Reads one plan, line by line; `read…` return false when a line cannot be part of it. */
export class PlanBuilder {
  readonly draft: PlanDraft;
  readonly #local: TopDraft;
  readonly #rootColumn: number;
  readonly #isBare: boolean;
  #open: Open[] = [];
  #lastNode: NodeDraft;
  /** Where a line that has no form of its own is kept. */
  #lastTarget: RawDraft;

  constructor(root: NodeLine, header: RawDraft) {
    this.#local = createTop();
    Object.assign(this.#local.raw, header);
    this.draft = {
      tops: [this.#local],
      lastLine: root.line.number,
      lastBody: root.line.body,
      hasLostIndentation: false,
      arrows: { columns: new Set(), areClose: true },
    };
    this.#rootColumn = root.line.nameColumn ?? root.line.column;
    this.#isBare = !root.hasMeasures;
    this.#lastNode = addNode(this.#local, undefined, root.fields, origin(root));
    this.#lastTarget = this.#lastNode.raw;
    this.#push({ kind: 'node', column: this.#rootColumn, node: this.#lastNode, top: this.#local });
  }

  get rootColumn(): number {
    return this.#rootColumn;
  }

  /** The times that the server prints below a tree were read: no node comes after them. */
  get hasEnded(): boolean {
    return timesBelow.some((key) => key in this.#local.raw);
  }

  /** Printed with COSTS OFF, and not executed. */
  get isBare(): boolean {
    return this.#isBare;
  }

  /** A line with an arrow, or with measures and further in than the root. */
  readNode(nodeLine: NodeLine): void {
    const { line } = nodeLine;
    this.#seen(line);
    if (line.nameColumn !== undefined) {
      const { arrows } = this.draft;
      arrows.columns.add(line.column);
      arrows.areClose &&= line.nameColumn - line.column < arrowWidth;
    }
    this.#closeTo(line.column);
    const column = line.nameColumn ?? line.column;
    const { node: parent, group } = this.#holder();
    const opened = parent && openGroup(line.body, parent.node, group);
    if (opened) {
      this.#lastTarget = opened.raw;
      this.#push({ kind: 'group', column, group: opened });
      return;
    }
    if (group && group.planKey !== undefined) {
      group.top = addRemoteTop(this.draft, group);
      this.#enter(group.top, undefined, nodeLine, column);
      return;
    }
    if (parent) {
      this.#enter(parent.top, parent.node, nodeLine, column);
      return;
    }
    this.#noteLostIndentation();
    this.#enter(this.#local, this.#local.nodes[0], nodeLine, column);
  }

  /** Every arrow of a whole plan stands further in than its root. So what seemed to stand beside it was the root's. */
  #noteLostIndentation(): void {
    if (this.draft.hasLostIndentation) return;
    this.draft.hasLostIndentation = true;
    const top = this.#local.raw;
    const root = this.#local.nodes[0]!.raw;
    for (const key of Object.keys(top)) {
      if (key === 'Plan' || key === 'Triggers' || isTopKey(key)) continue;
      root[key] = top[key]!;
      delete top[key];
    }
  }

  /** Anything else that is below or beside the tree; false when it cannot belong to a plan. */
  readOther(line: TextLine): boolean {
    this.#closeTo(line.column);
    const isBeside = this.#open.length === 0 || this.#isBesideRoot(line.body);
    if (isBeside && !this.#readBeside(line)) return false;
    if (!isBeside) this.#readBelow(line);
    this.#seen(line);
    return true;
  }

  /** The first line's margin is easily lost in copying, so that the others stand further in. */
  #isBesideRoot(body: string): boolean {
    const only = this.#open.length === 1 ? this.#open[0]! : undefined;
    return only?.kind === 'node' && only.node.parent === undefined && isTopKey(keyOf(body) ?? '');
  }

  #readBeside(line: TextLine): boolean {
    const { body } = line;
    if (readTrigger(this.#local.raw, body)) return true;
    const key = keyOf(body);
    if (key === undefined && !this.draft.hasLostIndentation) return false;
    if (key === undefined || (this.draft.hasLostIndentation && !isTopKey(key))) {
      this.#readAtNode(line, this.#lastNode);
      return true;
    }
    this.#readKey(line, key, this.#local.raw);
    return true;
  }

  #readBelow(line: TextLine): void {
    const holder = this.#open.at(-1)!;
    switch (holder.kind) {
      case 'node':
        this.#readAtNode(line, holder.node);
        return;
      case 'group':
        this.#readAtGroup(line, holder.group);
        return;
      case 'section':
        this.#readInto(line, holder.raw);
        return;
      case 'label':
        keepLine(this.#lastNode.raw, line.body);
    }
  }

  #readAtNode(line: TextLine, node: NodeDraft): void {
    const { body, column } = line;
    const worker = workerOf(body);
    if (worker) {
      const raw = workerAt(node, worker.number);
      if (worker.rest.startsWith('actual ')) readActual(worker.rest.slice('actual '.length), raw);
      else if (worker.rest !== '') this.#readInto({ ...line, body: worker.rest }, raw);
      this.#lastTarget = raw;
      this.#push({ kind: 'section', column, raw });
      return;
    }
    const label = labelOf(body);
    if (label) {
      const fields = { 'Parent Relationship': label.relationship, 'Subplan Name': label.name };
      this.#push({ kind: 'label', column, fields });
      return;
    }
    const key = keyOf(body);
    if (key === undefined && readTargetTable(node.raw, body)) return;
    if (key === undefined) keepLine(node.raw, body);
    else this.#readKey(line, key, detailTarget(node, key));
  }

  /** Top-level lines of a remote plan stand at its group, for they are as far in as its root. */
  #readAtGroup(line: TextLine, { raw, top }: Group): void {
    const { body } = line;
    if (top && readTrigger(top.raw, body)) return;
    const key = keyOf(body);
    this.#readInto(line, top && key !== undefined && isTopKey(key) ? top.raw : raw);
  }

  #readInto(line: TextLine, target: RawDraft): void {
    const key = keyOf(line.body);
    if (key === undefined) keepLine(target, line.body);
    else this.#readKey(line, key, target);
  }

  #readKey(line: TextLine, key: string, target: RawDraft): void {
    const section = readDetail(target, key, line.body.slice(key.length + 1).trimStart());
    this.#lastTarget = section ?? target;
    if (section) this.#push({ kind: 'section', column: line.column, raw: section });
  }

  /** A line without any form of its own, where the paste broke: kept with what stands above it. */
  keep(line: TextLine): void {
    this.#seen(line);
    keepLine(this.#lastTarget, line.body);
  }

  #enter(top: TopDraft, parent: NodeDraft | undefined, nodeLine: NodeLine, column: number): void {
    const label = this.#open.at(-1);
    const fields = label?.kind === 'label' ? { ...nodeLine.fields, ...label.fields } : nodeLine.fields;
    const node = addNode(top, parent, fields, origin(nodeLine));
    this.#lastNode = node;
    this.#lastTarget = node.raw;
    this.#push({ kind: 'node', column, node, top });
  }

  /** The node and the group that a line belongs to after `#closeTo`: whichever is nearer, the node in any case. */
  #holder(): {
    readonly node: (Open & { kind: 'node' }) | undefined;
    readonly group: Group | undefined;
  } {
    let group: Group | undefined;
    for (let at = this.#open.length - 1; at >= 0; at--) {
      const open = this.#open[at]!;
      if (open.kind === 'group') group ??= open.group;
      if (open.kind === 'node') return { node: open, group };
    }
    return { node: undefined, group };
  }

  #closeTo(column: number): void {
    while (this.#open.length > 0 && this.#open.at(-1)!.column >= column) this.#open.pop();
  }

  #push(open: Open): void {
    this.#closeTo(open.column);
    this.#open.push(open);
  }

  #seen(line: TextLine): void {
    this.draft.lastLine = line.number;
    this.draft.lastBody = line.body;
  }
}

function origin({ line, isCut }: NodeLine): { line: number; isCut: boolean } {
  return { line: line.number, isCut };
}

/** "Update on part_1 p": one of several tables that a statement writes (show_modifytable_info() in explain.c). */
function readTargetTable(node: RawDraft, body: string): boolean {
  if (node['Node Type'] !== 'ModifyTable') return false;
  const { fields, isKnown } = readNodeName(body);
  if (!isKnown || fields['Operation'] === undefined) return false;
  const { 'Node Type': type, ...target } = fields;
  listAt(node, 'Target Tables').push(type === 'ModifyTable' ? target : { ...target, Foreign: true });
  return true;
}

/** A type of a fork's or a later server's. What is left of a line that was cut ("width=8)") is none. */
function mayBeType(name: string): boolean {
  const begin = name.split(' on ', 1)[0]!;
  return /^\p{Lu}[^=]*$/u.test(begin) && !/: +\p{Lu}/u.test(begin);
}

/** A line as a node; undefined when neither arrow nor measures nor its name make it one. */
export function nodeLineOf(line: TextLine): NodeLine | undefined {
  const { name, measures, isCut } = splitHeadline(line.body);
  if (line.nameColumn === undefined && !measures) return undefined;
  const { fields, isKnown } = readNodeName(name);
  if (line.nameColumn === undefined && !isKnown && !mayBeType(name)) return undefined;
  return {
    line,
    fields: measures ? { ...fields, ...measures } : fields,
    isCut,
    hasMeasures: measures !== undefined || holdsUnreadMeasures(name),
    isKnown,
  };
}
