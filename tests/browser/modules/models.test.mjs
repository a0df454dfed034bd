import assert from 'node:assert/strict';
import test from 'node:test';

import { ApiError } from '../../../web/js/api.js';
import { timeOfDay } from '../../../web/js/format.js';
import { bannerModel, thresholdRows, verdictModel, verdictOf } from '../../../web/js/models/banner.js';
import { incidentRows } from '../../../web/js/models/devices.js';
import { failureChoices, failureRows, filterFailures } from '../../../web/js/models/failures.js';
import { latencyRows } from '../../../web/js/models/latency.js';
import { compareRuns, runRows } from '../../../web/js/models/runs.js';
import { tilesModel, untilNext } from '../../../web/js/models/tiles.js';
import { useWords } from '../../../web/js/words.js';

const NOW = 1000;
const saying = (state, more = {}) => ({ state, message: 'm', form: 'm', advice: 'a', args: {}, ...more });

const none = { banner: null, metrics: null, timeline: null, bursts: null };
const tiles = (snapshot, now = NOW) =>
  Object.fromEntries(tilesModel({ ...none, ...snapshot }, now).map((tile) => [tile.id, tile]));

test('every state has its own word and its own shape or tone', () => {
  const states = ['missing', 'idle', 'running', 'stopping', 'stopped', 'stale', 'broken'];
  const looks = states.map((state) => bannerModel({ banner: saying(state), unreachable: null }));
  assert.equal(new Set(looks.map((look) => look.word)).size, states.length);
  assert.equal(new Set(looks.map(({ shape, tone }) => shape + tone)).size, states.length - 1, 'missing and idle look alike');
  assert.equal(looks[2].message, 'm');
});

test('a state of a newer server is still shown', () => {
  assert.equal(bannerModel({ banner: saying('dreaming'), unreachable: null }).message, 'm');
});

test('an unreachable server is said, and whether the figures are old', () => {
  const before = bannerModel({ banner: null, unreachable: new Error('refused') });
  const after = bannerModel({ banner: saying('running'), unreachable: new Error('refused') });
  assert.equal(before.word, 'Not reachable');
  assert.notEqual(before.message, after.message);
  const refusal = bannerModel({ banner: null, unreachable: new ApiError(503, 'Permission denied') });
  assert.match(refusal.message, /Permission denied/);
});

test('a sentence of the server is translated with its words in place', (context) => {
  context.after(() => useWords({}));
  useWords({ 'metrics.json cannot be used: {problem}.': 'No sirve: {problem}.', 'it is empty': 'está vacío', Stale: 'Sin noticias' });
  const banner = saying('stale', { form: 'metrics.json cannot be used: {problem}.', args: { problem: 'it is empty' } });
  const model = bannerModel({ banner, unreachable: null });
  assert.equal(model.word, 'Sin noticias');
  assert.equal(model.message, 'No sirve: está vacío.');
});

test('each verdict has a word, a sign and a tone', () => {
  for (const kind of ['kept_up', 'behind', 'unanswered', 'refused', 'collapsed', 'generator', 'nothing']) {
    const verdict = verdictModel({ kind, sentence: 's' });
    assert.ok(verdict.word && verdict.sign && verdict.tone, kind);
  }
  const { word, sentence } = verdictModel({ kind: 'kept_up', sentence: 'the server kept up: 5 of 5 messages acknowledged' });
  assert.deepEqual([word, sentence], ['The server kept up', '5 of 5 messages acknowledged'], 'nothing is said twice');
  assert.equal(verdictModel({ kind: 'puzzled' }), null);
  assert.equal(verdictModel(undefined), null);
});

test('what broke first stands beside the verdict, unless nothing did or nothing tells', () => {
  const verdict = { kind: 'behind', sentence: 'the server fell behind' };
  const first = (broke_first) => verdictOf({ status: 'running', verdict, broke_first }).first;
  assert.equal(verdictOf(null), null);
  assert.equal(verdictOf({ status: 'idle', verdict }), null);
  for (const side of [undefined, 'none', 'unknown', 'toString']) assert.equal(first({ side, evidence: 'e' }), null);
  assert.deepEqual(first({ side: 'queue', from_burst: 7, evidence: 'e' }), { name: 'first: its queue, from burst 7', evidence: 'e', setting: '' });
  assert.equal(verdictOf({ verdict: { kind: 'generator' }, broke_first: { side: 'generator' } }).first, null);
  assert.equal(first({ side: 'connection', from_burst: null }).name, 'first: connecting');
});

test('thresholds without data count as crossed', () => {
  const rows = thresholdRows({ thresholds: [
    { threshold: 'lost==0', actual: '0', state: 'passed' }, { threshold: 'ack_p99<1ms', actual: 'no data', state: 'no data' },
  ] });
  assert.deepEqual(rows.map(({ tone, text }) => [tone, text]), [['good', 'lost==0'], ['bad', 'ack_p99<1ms']]);
  assert.deepEqual(thresholdRows(null), []);
});

test('the tiles are the same eight, whatever there is to show', () => {
  const ids = (snapshot) => tilesModel({ ...none, ...snapshot }, NOW).map((tile) => tile.id);
  assert.equal(ids({}).length, 8);
  assert.deepEqual(ids({ banner: saying('running'), metrics: { status: 'running' } }), ids({}));
});

test('an idle file shows no figures that nobody measured', () => {
  const metrics = {
    status: 'idle', device_count: 500, bandwidth_mbps: 0, updated_at: 5,
    totals: { planned: 0, sent: 0, acknowledged: 0, in_flight: 0 },
  };
  for (const tile of Object.values(tiles({ banner: saying('idle'), metrics }))) {
    assert.equal(tile.value, '–', tile.id);
    assert.equal(tile.unit, '', tile.id);
  }
});

test('what is missing is named beside the ratio, nothing else', () => {
  const totals = { planned: 100, skipped: 4, failed: 3, lost: 2, unacknowledged: 1, in_flight: 0 };
  const tile = tiles({ banner: saying('stopped'), metrics: { totals, acknowledged_ratio: 0.9 } }).ratio;
  assert.equal(tile.note, '▲ 4 skipped · 3 failed · 3 others');
  assert.equal(tile.tone, 'warn');
});

test('messages under way are not called missing', () => {
  const totals = { planned: 100, skipped: 0, failed: 0, lost: 0, unacknowledged: 0, in_flight: 3 };
  const tile = tiles({ banner: saying('running'), metrics: { totals, acknowledged_ratio: 0.97 } }).ratio;
  assert.equal(tile.note, '3 still under way');
  assert.equal(tile.tone, '');
});

test('a late burst is marked as this machine’s own', () => {
  const bursts = { rows: [{ k: 7, spread_ms: 30, release_lateness_ms: 40, marks: ['late'] }] };
  const tile = tiles({ banner: saying('running'), metrics: {}, bursts }).spread;
  assert.match(tile.note, /late: this machine’s fault/);
  assert.equal(tile.tone, 'warn');
  assert.equal(tiles({ banner: saying('running'), metrics: {}, bursts: { rows: [{ k: 1, marks: ['warmup'] }] } }).spread.tone, '');
});

test('a collapse says when, and whether it was overcome', () => {
  const collapse = (at_s, recovered_at_s) =>
    tiles({ banner: saying('stopped'), metrics: { collapse: { at_s, recovered_at_s }, started_at: 9 } }).collapse;
  assert.equal(collapse(null, null).value, 'none');
  assert.match(collapse(60, 72).note, /back at 1:12/);
  assert.match(collapse(60, null).note, /not recovered/);
});

test('the countdown leads to the next due time, by the server’s clock', () => {
  const m = { phase: 'bursting', interval_sec: 60, bursts_planned: null };
  assert.equal(untilNext(m, { k: 0, due: 990 }, 1000), 50);
  assert.equal(untilNext(m, { k: 0, due: 990 }, 1055), 55, 'a burst is due whose row has not come yet');
  assert.equal(untilNext({ ...m, phase: 'draining' }, { k: 0, due: 990 }, 1000), null);
  assert.equal(untilNext({ ...m, bursts_planned: 1 }, { k: 0, due: 990 }, 1000), null, 'it was the last one');
  assert.equal(untilNext(m, null, 1000), null);
  const metrics = { ...m, started_at: 900, bursts_due: 1 };
  assert.match(tiles({ banner: saying('running'), metrics, bursts: { rows: [{ k: 0, due: 990, marks: [] }] } }).interval.note, /next in 0:50 · 1 bursts/);
});

test('elapsed goes on while the run does', () => {
  const metrics = { started_at: 900, updated_at: 950, elapsed_s: 50 };
  assert.equal(tiles({ banner: saying('running'), metrics }).elapsed.value, '1:40');
  assert.equal(tiles({ banner: saying('stopped'), metrics }).elapsed.value, '0:50');
});

test('a file of the original kit is shown as far as it goes', () => {
  const metrics = {
    status: 'running', timestamp: 5, device_count: 10, connected_devices: 9, collapse_time: 65, failure_breakdown: { auth: 2, tls: 5 },
  };
  assert.equal(tiles({ banner: saying('running'), metrics }).collapse.value, '1:05');
  assert.deepEqual(failureRows(metrics).map((row) => row.bucket), ['tls', 'auth']);
});

const failures = [
  { stage: 'connect', bucket: 'auth', count: 5, detail: 'x' },
  { stage: 'connect', bucket: 'tls', count: 0, detail: 'y' },
  { stage: 'publish', bucket: 'network', count: 10, detail: null },
];

test('failures come by frequency, those that never happened left out', () => {
  const rows = failureRows({ failures });
  assert.deepEqual(rows.map((row) => [row.bucket, row.count, row.share]), [['network', 10, 1], ['auth', 5, 0.5]]);
  assert.deepEqual(failureRows(null), []);
  assert.deepEqual(failureRows({ failures: [null, 5, {}] }), []);
});

test('failures of one stage or bucket alone', () => {
  const rows = failureRows({ failures });
  assert.deepEqual(failureChoices(rows), { stages: ['connect', 'publish'], buckets: ['auth', 'network'] });
  assert.equal(filterFailures(rows, { stage: 'connect', bucket: '' }).length, 1);
  assert.equal(filterFailures(rows, { stage: 'connect', bucket: 'network' }).length, 0);
});

test('odd device entries do no harm', () => {
  const rows = incidentRows({ rows: [{}, { name: 5, last_failure: 'soon', failure_reason: 'x' },
    { name: 'dated', last_failure: '2026-11-23T10:15:00Z', failure_reason: 'x', disconnect_code: 0 }] });
  assert.equal(rows[2].when, timeOfDay(1_795_428_900));
  assert.equal(rows[2].detail, 'code 0');
  assert.equal(rows[1].when, '–');
  assert.deepEqual(incidentRows(null), []);
});

test('the ladder shows what was measured, and of how many', () => {
  const ladder = { count: 9, p50: 1, p75: 2, p90: 3, p95: 4, p99: 5, 'p99.9': 6, max: 7 };
  const rows = latencyRows({
    totals: { planned: 10, sent: 10 }, device_count: 5,
    latency_ms: { ack_from_due: ladder, ack_from_write: { ...ladder, count: 0 } },
  });
  assert.equal(rows.length, 1);
  assert.equal(rows[0].basis, '9 of 10');
  assert.equal(rows[0].steps.length, 7);
  assert.equal(rows[0].steps[6].share, 1);
  assert.deepEqual(latencyRows(null), []);
});

test('a run without a summary is listed as far as it is known', () => {
  const [run] = runRows([{ run_id: 'r', started_at: 5, has_summary: false, has_report: false }], 'r');
  assert.equal(run.verdict, 'no final word');
  assert.equal(run.isCurrent, true);
  assert.equal(run.acknowledged, '–');
});

test('two runs side by side: by how much, and which way', () => {
  const a = { acknowledged_ratio: 0.5, ack_from_due: { p50: 1, p99: 100 }, device_count: 5 };
  const b = { acknowledged_ratio: 1, ack_from_due: { p50: 1, p99: 150 }, device_count: 6 };
  const rows = Object.fromEntries(compareRuns(a, b).map((row) => [row.label, row.difference]));
  assert.equal(rows.Acknowledged, '+100 %, better');
  assert.match(rows['p99, due to acknowledged'], /^\+50[.,]0 %, worse$/);
  assert.equal(rows['p50, due to acknowledged'], '');
  assert.equal(rows.Devices, '');
});
