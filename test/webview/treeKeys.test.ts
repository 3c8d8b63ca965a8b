import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildPlanModel, visibleRows } from '../../webview/planModel.ts';
import { treeMove, typeAhead } from '../../webview/treeKeys.ts';
import { nodeOf, planOfNodes } from '../support/reports.ts';

// 0 Limit ─ 1 Hash Join ─┬ 2 Seq Scan deployments
//                        └ 3 Hash ─ 4 Seq Scan models
const model = buildPlanModel(
  planOfNodes([
    nodeOf({ id: '0', type: 'Limit' }),
    nodeOf({ id: '1', parentId: '0', type: 'Hash Join' }),
    nodeOf({ id: '2', parentId: '1', type: 'Seq Scan', relation: 'deployments' }),
    nodeOf({ id: '3', parentId: '1', type: 'Hash' }),
    nodeOf({ id: '4', parentId: '3', type: 'Seq Scan', relation: 'models' }),
  ]),
  [],
);

/** What keys do from a node, as "select 3" or "toggle 1"; typed words are given in quotes. */
function check(
  key: string,
  from: string,
  expected: string | undefined,
  folded: readonly string[] = [],
): void {
  test(`${key} on ${from}${folded.length > 0 ? ` with ${folded.join()} folded` : ''}: ${expected ?? 'nothing'}`, () => {
    const collapsed = new Set(folded);
    const input = { model, visible: visibleRows(model, collapsed), collapsed, selectedId: from, pageRows: 2 };
    const move = key.startsWith('"') ? typeAhead(key.slice(1, -1), input) : treeMove(key, input);
    assert.equal(move && `${move.move} ${move.id}`, expected);
  });
}

check('ArrowDown', '0', 'select 1');
check('ArrowDown', '4', undefined);
check('ArrowDown', '2', 'select 3', ['3']);
check('ArrowDown', '3', undefined, ['3']);
check('ArrowUp', '3', 'select 2');
check('ArrowUp', '0', undefined);
check('Home', '4', 'select 0');
check('End', '0', 'select 4');
check('PageDown', '0', 'select 2');
check('PageDown', '3', 'select 4');
check('PageUp', '4', 'select 2');
check('ArrowRight', '1', 'select 2');
check('ArrowRight', '1', 'toggle 1', ['1']);
check('ArrowRight', '2', undefined);
check('ArrowLeft', '1', 'toggle 1');
check('ArrowLeft', '1', 'select 0', ['1']);
check('ArrowLeft', '4', 'select 3');
check('ArrowLeft', '0', undefined, ['0']);
check('Enter', '1', 'toggle 1');
check('Enter', '2', undefined);
check('Tab', '1', undefined);
check('"h"', '0', 'select 1');
check('"h"', '1', 'select 3');
check('"h"', '3', 'select 1');
check('"ha"', '3', 'select 3');
check('"mod"', '0', 'select 4');
check('"x"', '0', undefined);
