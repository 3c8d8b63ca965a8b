import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maskReport } from '../../src/core/report/maskReport.ts';
import { loadParser } from '../../src/core/sql/parser.ts';
import type { ProfileReport } from '../../src/shared/report.ts';
import { fromSavedState, toSavedState } from '../../webview/savedState.ts';
import {
  initialState,
  reduce,
  shownModel,
  shownPlan,
  shownTree,
  type Action,
  type State,
} from '../../webview/state.ts';
import { allAbilities, bigPlan, partitioned, reportOfRecorded, slowDeployments } from './panelReports.ts';

const show = (report = slowDeployments()): Action => ({
  type: 'message',
  message: { type: 'report/show', report, abilities: allAbilities },
});

/** The state after these actions, compared by the parts that the test is about. */
function check(
  title: string,
  actions: readonly Action[],
  expected: (state: State) => readonly [unknown, unknown],
): void {
  test(title, () => {
    const [actual, wanted] = expected(actions.reduce(reduce, initialState));
    assert.deepEqual(actual, wanted);
  });
}

const selectedRelation = (state: State) => shownModel(state)?.byId.get(state.selectedId)?.node.relation;

check('a report starts at the node of its worst finding', [show()], (state) => [
  selectedRelation(state),
  'deployments',
]);
check(
  'without findings it starts at the node that took longest',
  [show({ ...slowDeployments(), findings: [] })],
  (state) => [selectedRelation(state), 'deployments'],
);
check(
  'a cost-only report starts at the costliest node',
  [show(reportOfRecorded('seed_slow_deployments.cost.json'))],
  (state) => [selectedRelation(state), 'deployments'],
);
check(
  'progress keeps the report on screen, and the next report ends it',
  [show(), { type: 'message', message: { type: 'progress/show', message: 'Running', canCancel: true } }],
  (state) => [
    [state.progress?.message, state.report !== undefined, reduce(state, show()).progress],
    ['Running', true, undefined],
  ],
);
check(
  'an error ends the progress and keeps the report',
  [
    show(),
    { type: 'message', message: { type: 'progress/show', message: 'Running', canCancel: true } },
    { type: 'message', message: { type: 'error/show', message: 'Cancelled.', remedy: '' } },
  ],
  (state) => [
    [state.progress, state.error?.message, state.report !== undefined],
    [undefined, 'Cancelled.', true],
  ],
);
check(
  'the same report again keeps what the user did',
  [show(), { type: 'node/select', id: '2' }, { type: 'node/toggle', id: '2' }, show()],
  (state) => [
    [state.selectedId, [...state.collapsed]],
    ['2', ['2']],
  ],
);
check(
  'another run starts over',
  [
    show(),
    { type: 'node/toggle', id: '2' },
    show({ ...slowDeployments(), profiledAt: '2026-09-30T11:00:00.000Z' }),
  ],
  (state) => [[...state.collapsed], []],
);
check(
  'selecting a node inside a folded one unfolds what hides it',
  [
    show(),
    { type: 'node/toggle', id: '0' },
    { type: 'node/toggle', id: '3' },
    { type: 'node/select', id: '6' },
  ],
  (state) => [
    [state.selectedId, [...state.collapsed]],
    ['6', []],
  ],
);
check(
  'a node that is not there cannot be selected',
  [show(), { type: 'node/select', id: 'nope' }],
  (state) => [selectedRelation(state), 'deployments'],
);
check(
  'the plan with the index is shown without the findings of the other',
  [show(), { type: 'plan/show', suggestionId: 's1' }],
  (state) => [
    [
      shownPlan(state) === state.report?.plan,
      shownModel(state)?.rows.some((row) => row.severity !== undefined),
    ],
    [false, false],
  ],
);
check(
  'a finding leads back to the plan that it speaks of',
  [show(), { type: 'plan/show', suggestionId: 's1' }, { type: 'finding/select', id: '6' }],
  (state) => [
    [state.shownSuggestionId, state.selectedId],
    [undefined, '6'],
  ],
);
check(
  'many partitions start folded, and the eye on the fold of the worst',
  [show(partitioned(50))],
  (state) => [
    [[...state.collapsed], state.selectedId],
    [['fold:2'], 'fold:2'],
  ],
);
check(
  'selecting a partition opens its fold',
  [show(partitioned(50)), { type: 'finding/select', id: '6' }],
  (state) => [
    [[...state.collapsed], state.selectedId],
    [[], '6'],
  ],
);
check(
  'only matches are shown, and what hid them is open',
  [show(partitioned(50)), { type: 'search/change', search: { text: 'metrics_0003', onlyMatches: true } }],
  (state) => [
    [shownTree(state)?.rows.map(({ node }) => node.id), [...state.collapsed]],
    [['0', '1', 'fold:2', '4'], []],
  ],
);
check(
  'selecting a node that the search hides shows all nodes again',
  [
    show(partitioned(50)),
    { type: 'search/change', search: { text: 'metrics_0003', onlyMatches: true } },
    { type: 'finding/select', id: '6' },
  ],
  (state) => [
    [state.selectedId, state.search],
    ['6', { text: 'metrics_0003', onlyMatches: false }],
  ],
);
check('the side pane keeps within its limits', [{ type: 'pane/resize', widthPx: 5 }], (state) => [
  state.paneWidthPx,
  260,
]);
check(
  'an answer ends the waiting and stands at its place',
  [
    { type: 'request/start', place: 'raw' },
    { type: 'request/end', notice: { place: 'raw', ok: true, text: 'Copied.' } },
  ],
  (state) => [
    [state.busyPlace, state.notice?.text],
    [undefined, 'Copied.'],
  ],
);

const startOf = (report: ProfileReport) => reduce(initialState, show(report)).selectedId;

const touched: readonly Action[] = [
  show(),
  { type: 'node/toggle', id: '9' },
  { type: 'group/toggle', group: 'buffers' },
  { type: 'pane/resize', widthPx: 500 },
  { type: 'node/select', id: '4' },
  { type: 'search/change', search: { text: 'models', onlyMatches: false } },
  { type: 'icicle/zoom', id: '2' },
  { type: 'diagram/zoom', scale: 0.5 },
];

test('what was saved comes back equal', () => {
  const state = touched.reduce(reduce, initialState);
  const again = fromSavedState(JSON.parse(JSON.stringify(toSavedState(state))));
  assert.deepEqual(again, { ...state, viewport: again.viewport });
});

test('a large report is left to the host, which sends it again', () => {
  const large = bigPlan(501);
  const state = [show(large), { type: 'node/select', id: '7' } as const].reduce(reduce, initialState);
  const saved = toSavedState(state);
  assert.ok(JSON.stringify(saved).length < 2000);
  const again = fromSavedState(JSON.parse(JSON.stringify(saved)));
  assert.deepEqual(toSavedState(again), saved, 'and a second reload changes nothing');
  assert.equal(reduce(again, show(large)).selectedId, '7');
  assert.equal(
    reduce(again, show(bigPlan(502))).selectedId,
    startOf(bigPlan(502)),
    'another one starts over',
  );
});
test('a large report comes back from the history, which has it without its values', async () => {
  const large: ProfileReport = {
    ...bigPlan(501),
    profiledAt: '2026-09-30T10:00:00.000Z',
    sql: "SELECT 'secret'",
    rawPlan: '[]',
  };
  const state = [show(large), { type: 'node/select', id: '7' } as const].reduce(reduce, initialState);
  const again = fromSavedState(JSON.parse(JSON.stringify(toSavedState(state))));
  assert.equal(again.awaitedReport?.profiledAt, large.profiledAt);
  const masked = maskReport(await loadParser(), large);
  assert.equal(JSON.stringify(masked).includes('secret'), false);
  assert.equal(reduce(again, show(masked)).selectedId, '7');
});
check(
  'selecting inside of what the icicle is zoomed into keeps the zoom',
  [show(), { type: 'icicle/zoom', id: '2' }, { type: 'node/select', id: '4' }],
  (state) => [state.icicleRootId, '2'],
);
check(
  'selecting outside of it shows the whole',
  [show(), { type: 'icicle/zoom', id: '2' }, { type: 'node/select', id: '1' }],
  (state) => [state.icicleRootId, undefined],
);
check(
  'another run starts at the whole, at the size that fits',
  [
    show(),
    { type: 'icicle/zoom', id: '2' },
    { type: 'diagram/zoom', scale: 2 },
    show({ ...slowDeployments(), profiledAt: '2026-09-30T11:00:00.000Z' }),
  ],
  (state) => [
    [state.icicleRootId, state.diagramScale],
    [undefined, undefined],
  ],
);
check(
  'zooming out of the icicle',
  [show(), { type: 'icicle/zoom', id: '2' }, { type: 'icicle/zoom' }],
  (state) => [state.icicleRootId, undefined],
);

test('a saved state of another version is dropped', () => {
  assert.equal(fromSavedState({ version: 0 }), initialState);
  assert.equal(fromSavedState(undefined), initialState);
  assert.equal(fromSavedState('nonsense'), initialState);
});
