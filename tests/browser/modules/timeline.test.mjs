import assert from 'node:assert/strict';
import test from 'node:test';

import { chartData, extend, lastElapsed, rate, splice, timelineMarks } from '../../../web/js/models/timeline.js';

const answer = (times, connected, run = 'r') =>
  ({ run_id: run, columns: { elapsed_s: times, connected } });

test('news are added behind what is known', () => {
  const known = extend(null, answer([0, 1], [5, 6]));
  const more = extend(known, answer([2], [7]));
  assert.deepEqual(more.columns.connected, [5, 6, 7]);
  assert.equal(lastElapsed(more), 2);
  assert.deepEqual(known.columns.connected, [5, 6], 'what was handed out is not changed');
});

test('no news is the same timeline', () => {
  const known = extend(null, answer([0, 1], [5, 6]));
  assert.equal(extend(known, answer([], [])), known);
});

test('beyond an hour of seconds the whole is asked for again', () => {
  const known = extend(null, answer(Array.from({ length: 3600 }, (_, i) => i), new Array(3600).fill(1)));
  assert.equal(extend(known, answer([3600], [1])), null);
});

test('a file that has lost a column is asked for again', () => {
  const known = extend(null, answer([0], [1]));
  assert.equal(extend(known, { run_id: 'r', columns: { elapsed_s: [1] } }), null);
});

test('a stretch in full takes the place of its thinned picture', () => {
  const known = extend(null, answer([0, 10, 20, 30], [1, 2, 3, 4]));
  const full = splice(known, answer([11, 15, 20], [7, 8, 9]), 10, 20);
  assert.deepEqual(full.columns.elapsed_s, [0, 10, 11, 15, 20, 30]);
  assert.deepEqual(full.columns.connected, [1, 2, 7, 8, 9, 4]);
  assert.equal(splice(known, { columns: { elapsed_s: [11] } }, 10, 20), known, 'a column is missing');
});

test('the chart gets every line, missing ones empty', () => {
  assert.equal(chartData(null), null);
  assert.equal(chartData(extend(null, answer([], []))), null);
  assert.deepEqual(chartData(extend(null, answer([0], [5]))), [[0], [5], [null], [null], [null]]);
});

test('rates: the last five seconds, or the whole run', () => {
  const columns = { elapsed_s: [0, 10, 20, 22, 24, 25], sent: [0, 0, 1000, 1200, 1400, 1500] };
  assert.equal(rate({ columns }, 'sent', false), 100);
  assert.equal(rate({ columns }, 'sent', true), 60);
  assert.equal(rate({ columns }, 'lost', true), null);
  assert.equal(rate(null, 'sent', true), null);
  assert.equal(rate({ columns: { elapsed_s: [0], sent: [5] } }, 'sent', false), null);
});

test('rates over rows further apart than five seconds use the last two', () => {
  assert.equal(rate({ columns: { elapsed_s: [0, 100], sent: [0, 50] } }, 'sent', false), 0.5);
});

test('marks: each collapse and each recovery', () => {
  assert.deepEqual(timelineMarks(null, null), []);
  assert.deepEqual(timelineMarks({ collapse: { at_s: null, recovered_at_s: null }, collapses: [] }, null), []);
  const marks = timelineMarks({ collapses: [{ at_s: 5, recovered_at_s: 9 }, { at_s: 20, recovered_at_s: null }] }, null);
  assert.deepEqual(marks.map(({ at, label }) => [at, label]), [[5, 'collapse'], [9, 'recovered'], [20, 'collapse']]);
});

const started = { started_at: 1000, interval_sec: 2 };

test('marks stand where the chart’s clock says, not where the first burst’s does', () => {
  const [mark] = timelineMarks({ ...started, collapse: { at_s: 60, recovered_at_s: null } }, { rows: [{ k: 10, due: 1023, marks: [] }] });
  assert.equal(mark.at, 63);
});

test('marks: bursts that this machine spoilt, and changes of stage', () => {
  const rows = [{ k: 0, due: 1003, marks: [] }, { k: 1, due: 1005, marks: ['warmup'] }, { k: 2, due: 1007, marks: ['late'] }, { k: 3, due: 1009, marks: ['missed'] }];
  const marks = timelineMarks({ ...started, stages: [{ devices: 10, first_burst: 0 }, { devices: 30, first_burst: 2 }] }, { rows });
  assert.deepEqual(marks.map(({ at, label, tick }) => [at, label ?? tick]), [[7, 'stage 2: 30'], [7, '▲'], [9, '✕']]);
});
