/** What an index can do about a filter: the fix that rules name, or why there is none. */
import type { PlanNode } from '../../shared/report.ts';
import { type Access, bestAccess, isHelped } from './access.ts';
import type { Condition } from './condition.ts';
import { tableSql } from './wording.ts';

export interface IndexRemedy {
  readonly by: Access['by'];
  /** False where all rows have to be read, whatever indexes there are. */
  readonly helps: boolean;
  /** Undefined where a plain index on the columns is meant: rules have words of their own for it. */
  readonly fix: string | undefined;
}

/** For a table's filter; of one that cannot be read, the best is hoped. */
export function indexRemedyFor(condition: Condition | undefined, scan: PlanNode): IndexRemedy {
  const access: Access =
    condition === undefined ? { by: 'btree' } : bestAccess(condition.map((test) => test.access));
  return { by: access.by, helps: isHelped(access), fix: fixFor(access, tableSql(scan)) };
}

function fixFor(access: Access, table: string): string | undefined {
  switch (access.by) {
    case 'btree':
      return undefined;
    case 'pattern':
      return `An index made for patterns finds texts by how they begin: CREATE INDEX ON ${table} (${access.key} text_pattern_ops). (Where the collation is C, a plain one does, too.)`;
    case 'gin':
      return `No btree index answers “${access.operator}”, but a GIN index does: CREATE INDEX ON ${table} USING gin (${access.key}).`;
    case 'gist':
      return `No btree index answers “${access.operator}”, but a GiST index does: CREATE INDEX ON ${table} USING gist (${access.key}).`;
    case 'contents':
      return `No btree index answers “${access.operator}”: on arrays and jsonb a GIN index does, CREATE INDEX ON ${table} USING gin (${access.key}); on ranges and shapes a GiST index.`;
    case 'element':
      return `No index answers “value = ANY (${access.key})”. Written as ${access.key} @> ARRAY[value], a GIN index does: CREATE INDEX ON ${table} USING gin (${access.key}).`;
    case 'trigram':
      return 'No btree index answers this pattern; a trigram index (extension pg_trgm, USING gin) does.';
    case 'expression':
      return 'An index on the expression itself, if its functions are IMMUTABLE, would spare reading the rows that fail.';
    case 'each':
      return 'An index for each arm of the OR would spare it: a bitmap combines them.';
    case 'partial':
      return 'A partial index, whose WHERE is this very condition, holds just the rows that pass it; a plain index on the column seldom helps with such a condition.';
    case 'sameRow':
      return 'No index on the columns answers how two columns of one row compare. If it is asked often, keep the answer: a partial index whose WHERE is this comparison, or a generated column.';
    case 'subplan':
      return 'No index answers what a sub-query says of each row. Written as a join, EXISTS or NOT EXISTS, it can be planned in other ways.';
    case 'volatile':
      return access.call.startsWith('random')
        ? `No index answers ${access.call}, which differs for each row. For a sample of the table, TABLESAMPLE SYSTEM reads only a part of it.`
        : `No index answers ${access.call}, which may differ for each row. If one value is enough for the statement, write (SELECT ${access.call}): it is computed once, and an index can be used.`;
    case 'nothing':
      return 'No index answers this condition; one on another condition of the statement could let fewer rows reach it.';
  }
}
