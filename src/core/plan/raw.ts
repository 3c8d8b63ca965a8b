/**
 * A plan as the server printed it, in PostgreSQL's own keys. Every format is parsed into this tree
 * (parseJson.ts today), and buildPlan.ts turns it into the model. Loosely typed on purpose: servers, forks and
 * extensions add keys, so the readers below return undefined for whatever is absent or of another type.
 */
import type { Json } from '../../shared/report.ts';

export type RawValue = Json;
export type RawObject = { readonly [key: string]: RawValue };

/** One statement's plan with its top-level keys: Plan, Planning, Triggers, Execution Time, … */
export type RawPlan = RawObject & { readonly Plan: RawObject };

/** One node: Node Type, Actual Total Time, Plans, … */
export type RawPlanNode = RawObject;

export function isRawObject(value: RawValue | undefined): value is RawObject {
  return typeof value === 'object' && value !== null && !isRawList(value);
}

/** `Array.isArray` alone does not narrow readonly arrays. */
export function isRawList(value: RawValue | undefined): value is readonly RawValue[] {
  return Array.isArray(value);
}

export function readText(raw: RawObject, key: string): string | undefined {
  const value = raw[key];
  return typeof value === 'string' ? value : undefined;
}

export function readNumber(raw: RawObject, key: string): number | undefined {
  return numberOf(raw[key]);
}

/** A number, also where the format had only text (YAML, XML, exact numerics). */
export function numberOf(value: RawValue | undefined): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

export function readBoolean(raw: RawObject, key: string): boolean | undefined {
  const value = raw[key];
  if (typeof value === 'boolean') return value;
  if (value === 'true') return true;
  if (value === 'false') return false;
  return undefined;
}

export function readObject(raw: RawObject, key: string): RawObject | undefined {
  const value = raw[key];
  return isRawObject(value) ? value : undefined;
}

const none: readonly RawObject[] = [];

/** The objects of a list; anything else in it is left out. */
export function readObjects(raw: RawObject, key: string): readonly RawObject[] {
  const value = raw[key];
  if (!isRawList(value)) return none;
  return value.every(isRawObject) ? value : value.filter(isRawObject);
}
