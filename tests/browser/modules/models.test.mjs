import assert from 'node:assert/strict';
import test from 'node:test';

import { bannerModel, generatorNotice } from '../../../web/js/models/banner.js';
import { timeOfDay } from '../../../web/js/format.js';
import { burstData, burstMarks, burstSummary } from '../../../web/js/models/bursts.js';
import { incidentCount, incidentRows } from '../../../web/js/models/devices.js';
import { failureRows } from '../../../web/js/models/failures.js';
import { latencyRows } from '../../../web/js/models/latency.js';
import { tilesModel } from '../../../web/js/models/tiles.js';

const serverState = (state, more = {}) =>
  ({ state, message: 'm', advice: 'a', now: 1000, updated_at: 995, run_id: 'r', ...more });

const byId = (snapshot) => Object.fromEntries(tilesModel(snapshot).map((tile) => [tile.id, tile]));

test('every state has its own word and its own shape or tone', () => {
  const states = ['missing', 'idle', 'running', 'stopping', 'stopped', 'stale', 'broken'];
  const looks = states.map((state) => bannerModel({ state: serverState(state), unreachable: null }));
  assert.equal(new Set(looks.map((look) => look.word)).size, states.length);
  assert.equal(looks[2].age, 'updated 5 s ago');
  assert.equal(looks[2].message, 'm');
});

test('a state of a newer server is still shown', () => {
  assert.equal(bannerModel({ state: serverState('dreaming'), unreachable: null }).message, 'm');
});

test('an unreachable server is said, and whether the figures are old', () => {
  const before = bannerModel({ state: null, unreachable: new Error('refused') });
  const after = bannerModel({ state: serverState('running'), unreachable: new Error('refused') });
  assert.equal(before.word, 'Not reachable');
  assert.notEqual(before.message, after.message);
});

test('the generator is blamed only when it was the bottleneck', () => {
  assert.equal(generatorNotice(null), '');
  assert.equal(generatorNotice({ generator: { was_bottleneck: false, late_bursts: 1 } }), '');
  const notice = generatorNotice({
    generator: { was_bottleneck: true, late_bursts: 5, slow_bursts: 0, missed_bursts: 2 },
  });
  assert.match(notice, /5 late, 2 missed/);
});

test('the tiles are the same twelve, whatever there is to show', () => {
  const ids = (snapshot) => tilesModel(snapshot).map((tile) => tile.id);
  const none = ids({ state: null, metrics: null, timeline: null, chosenRun: '' });
  assert.equal(none.length, 12);
  assert.deepEqual(ids({ state: serverState('running'), metrics: { status: 'running' }, timeline: null }), none);
});

test('an idle file shows no figures that nobody measured', () => {
  const metrics = {
    status: 'idle', device_count: 500, connected_devices: 0, bandwidth_mbps: 0, updated_at: 5,
    totals: { planned: 0, sent: 0, acknowledged: 0, in_flight: 0 },
  };
  const tiles = byId({ state: serverState('idle'), metrics, timeline: null });
  assert.equal(tiles.connected.unit, 'of 500');
  for (const id of ['ratio', 'p99', 'spread', 'throughput', 'sent', 'bandwidth', 'collapse', 'elapsed']) {
    assert.equal(tiles[id].value, '–', id);
  }
});

test('every kind of missing message is named beside the ratio', () => {
  const totals = { planned: 100, skipped: 4, failed: 3, lost: 2, unacknowledged: 1, in_flight: 0 };
  const tile = byId({
    state: serverState('stopped'), metrics: { totals, acknowledged_ratio: 0.9 }, timeline: null,
  }).ratio;
  assert.equal(tile.note, '4 skipped · 3 failed · 2 lost · 1 unacknowledged');
  assert.equal(tile.tone, 'warn');
});

test('messages under way are not called missing', () => {
  const totals = { planned: 100, skipped: 0, failed: 0, lost: 0, unacknowledged: 0, in_flight: 3 };
  const tile = byId({
    state: serverState('running'), metrics: { totals, acknowledged_ratio: 0.97 }, timeline: null,
  }).ratio;
  assert.equal(tile.note, '3 still under way');
  assert.equal(tile.tone, '');
});

test('a late burst is marked as this machine’s own', () => {
  const metrics = { bursts: [{ k: 7, spread_ms: 30, release_lateness_ms: 40, marks: ['late'] }] };
  const tile = byId({ state: serverState('running'), metrics, timeline: null }).spread;
  assert.match(tile.note, /late by this machine/);
  assert.equal(tile.tone, 'warn');
});

test('a collapse says when, and whether it was overcome', () => {
  const collapse = (at_s, recovered_at_s) =>
    byId({ state: serverState('stopped'), metrics: { collapse: { at_s, recovered_at_s }, updated_at: 9 }, timeline: null }).collapse;
  assert.equal(collapse(null, null).value, 'none');
  assert.match(collapse(60, 72).note, /recovered 1:12/);
  assert.match(collapse(60, null).note, /not recovered/);
});

test('a file of the original kit is shown as far as it goes', () => {
  const metrics = {
    status: 'running', timestamp: 5, device_count: 10, connected_devices: 9, disconnected_devices: 1,
    failed_devices: 0, total_packets_sent: 90, collapse_time: 65, failure_breakdown: { auth: 2, tls: 5 },
  };
  const tiles = byId({ state: serverState('running'), metrics, timeline: null });
  assert.equal(tiles.sent.value, '90');
  assert.equal(tiles.collapse.value, '1:05');
  assert.deepEqual(failureRows(metrics).map((row) => row.bucket), ['tls', 'auth']);
});

test('failures come by frequency, those that never happened left out', () => {
  const rows = failureRows({
    failures: [
      { stage: 'connect', bucket: 'auth', count: 5, detail: 'x' },
      { stage: 'connect', bucket: 'tls', count: 0, detail: 'y' },
      { stage: 'publish', bucket: 'network', count: 10, detail: null },
    ],
  });
  assert.deepEqual(rows.map((row) => [row.bucket, row.count, row.share]), [['network', 10, 1], ['auth', 5, 0.5]]);
  assert.deepEqual(failureRows(null), []);
});

test('incidents: the latest forty, devices without trouble left out', () => {
  const devices = Array.from({ length: 60 }, (_, i) =>
    ({ name: `sim-${i}`, status: 'disconnected', last_failure: i + 1, failure_reason: 'network' }));
  devices.push({ name: 'fine', status: 'connected', last_failure: null, failure_reason: null });
  const rows = incidentRows({ devices });
  assert.equal(incidentCount({ devices }), 60);
  assert.equal(rows.length, 40);
  assert.equal(rows[0].name, 'sim-59');
});

test('odd device entries do no harm', () => {
  const devices = [null, {}, { name: 5, last_failure: 'soon', failure_reason: 'x' },
    { name: 'dated', last_failure: '2026-11-23T10:15:00Z', failure_reason: 'x', disconnect_code: 0 }];
  const rows = incidentRows({ devices });
  assert.deepEqual(rows.map((row) => row.name), ['dated', '5']);
  assert.equal(rows[0].when, timeOfDay(1_795_428_900));
  assert.equal(rows[0].detail, 'code 0');
  assert.equal(rows[1].when, '');
  assert.deepEqual(incidentRows({ devices: 'none' }), []);
});

test('bursts: a column a figure, holes where nothing was measured', () => {
  const metrics = {
    bursts: [
      { k: 4, spread_ms: 6, ack_drain_ms: 20, marks: [] },
      { k: 5, spread_ms: null, ack_drain_ms: null, marks: ['missed'] },
      { k: 6, spread_ms: 30, ack_drain_ms: 40, marks: ['late', 'slow', 'warmup'] },
    ],
  };
  assert.deepEqual(burstData(metrics), [[4, 5, 6], [6, null, 30], [20, null, 40]]);
  assert.deepEqual(burstMarks(metrics).map(({ at, label }) => [at, label]), [[5, 'missed'], [6, 'late, slow']]);
  assert.equal(burstSummary(metrics), 'bursts 4 to 6, 2 marked late, slow or missed');
  assert.equal(burstData({ bursts: [] }), null);
  assert.equal(burstData(null), null);
  assert.equal(burstSummary(null), '');
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
  assert.deepEqual(latencyRows(null), []);
});
