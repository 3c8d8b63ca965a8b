/** A plan while its lines are being read. */
import type { RawValue } from '../raw.ts';
import type { RawDraft } from '../rawBuilder.ts';

export interface NodeDraft {
  readonly raw: RawDraft;
  readonly plans: RawDraft[];
  readonly workers: Map<number, RawDraft>;
  /** 1-based line of the input. */
  readonly line: number;
  /** Undefined at the root of a plan, of a remote one too. */
  readonly parent: NodeDraft | undefined;
  /** Ordinary children, without those that have a label. */
  readonly inputs: NodeDraft[];
  /** Its line was cut before its end. */
  readonly isCut: boolean;
}

/** One plan with its top-level keys: the local one, or that of a Citus task. */
export interface TopDraft {
  readonly raw: RawDraft;
  readonly nodes: NodeDraft[];
}

/** A local plan and the remote plans inside it; the local one comes first. */
export interface PlanDraft {
  readonly tops: TopDraft[];
  /** 1-based, of the last line that belongs to it. */
  lastLine: number;
  /** What that line says. */
  lastBody: string;
  /** An arrow stood no further in than the root: the text was trimmed. */
  hasLostIndentation: boolean;
  /** Where arrows stood, and whether all of them stood closer to their nodes than the server puts them. */
  readonly arrows: { readonly columns: Set<number>; areClose: boolean };
}

export function createTop(): TopDraft {
  return { raw: {}, nodes: [] };
}

/** Adds a node to `top`, below `parent` or as its root. */
export function addNode(
  top: TopDraft,
  parent: NodeDraft | undefined,
  raw: RawDraft,
  origin: { readonly line: number; readonly isCut: boolean },
): NodeDraft {
  const node: NodeDraft = { raw, plans: [], workers: new Map(), inputs: [], parent, ...origin };
  top.nodes.push(node);
  if (!parent) {
    top.raw['Plan'] = raw;
    return node;
  }
  parent.plans.push(raw);
  parent.raw['Plans'] = parent.plans;
  if (raw['Parent Relationship'] === undefined) parent.inputs.push(node);
  return node;
}

/** The list under `key`, made when it is first asked for. */
export function listAt(holder: RawDraft, key: string): RawValue[] {
  const known = holder[key];
  if (Array.isArray(known)) return known as RawValue[];
  const list: RawValue[] = [];
  holder[key] = list;
  return list;
}

/** The object under `key`, made when it is first asked for. */
export function objectAt(holder: RawDraft, key: string): RawDraft {
  const known = holder[key];
  if (typeof known === 'object' && known !== null && !Array.isArray(known)) return known as RawDraft;
  const object: RawDraft = {};
  holder[key] = object;
  return object;
}

export function workerAt(node: NodeDraft, number: number): RawDraft {
  const known = node.workers.get(number);
  if (known) return known;
  const worker: RawDraft = { 'Worker Number': number };
  node.workers.set(number, worker);
  listAt(node.raw, 'Workers').push(worker);
  return worker;
}
