// What the server stored and said of itself, in words.

import assert from 'node:assert/strict';
import test from 'node:test';

import { causeRows } from '../../../web/js/models/failures.js';
import {
  AGE_LINES, courseData, freshnessFacts, lagOf, serverFacts, verificationModel,
} from '../../../web/js/models/server.js';

const verified = (verification) => verificationModel({ verification });

test('a verification is good only when it was counted to the end and nothing is missing', () => {
  assert.equal(verificationModel({}), null);
  assert.equal(verified({ state: 'complete', missing_acknowledged: 0 }).tone, 'good');
  assert.equal(verified({ state: 'incomplete', missing_acknowledged: 0, trouble: 'timed out' }).tone, 'warn');
  assert.equal(verified({ state: 'incomplete', trouble: 'timed out' }).note, 'timed out');
  assert.equal(verified({ state: 'running', missing_acknowledged: 0 }).tone, 'warn');
  assert.match(verified({ state: 'complete', missing_acknowledged: 0, unverified: 9 }).word, /^9 .* could not be counted$/);
  assert.equal(verified({ state: 'incomplete', missing_acknowledged: 2 }).tone, 'bad');
});

test('how late storage is, as far as the run has seen it', () => {
  assert.deepEqual(freshnessFacts({}), []);
  assert.deepEqual(freshnessFacts({ freshness: { devices: 5, age_ms: { count: 0 }, stored_k: null } }), []);
  const facts = Object.fromEntries(freshnessFacts({ freshness: {
    devices: 5, age_ms: { count: 9, p50: 520, max: 1040 }, stored_k: 59, drain_s: 0.61, growth_s_a_burst: 0.02, failed_polls: 0,
  } }));
  assert.match(facts['Age, worst'], /^1[.,]?040\sms$/);
  assert.match(facts['Stored last'], /^burst 59 within 610\sms$/);
  assert.equal(Object.keys(facts).length, 3, 'a growth below what looks can see is none');
});

test('the server’s counters are those of the run: from the first row to the last, queues as sums', () => {
  const sources = [
    { source: 'queue', queue: 'Main', first: {}, last: { lag_s: 60 }, sum: { successful: 70, timed_out: 2, failed: 0 } },
    { source: 'usage', queue: '', first: { storage_points: 100 }, last: { lag_s: 60, storage_points: 160, transport_points: 'x' }, sum: {} },
    { source: 'prometheus', queue: '', first: { processed: 5 }, last: { lag_s: 0, processed: 9, rows_waiting: 0, heap_bytes: 2e8 }, sum: {} },
    { source: 'toString', queue: '', first: {}, last: {}, sum: {} },
  ];
  assert.deepEqual(serverFacts({ sources }), [
    ['Data points stored', '60'], ['Queue Main', '70 processed · ▲ 2 timed out'], ['Processed', '4'], ['Heap', '200 MB'],
  ]);
  const early = { source: 'usage', first: { unix_s: 5, storage_points: 1 }, last: { unix_s: 25, lag_s: 60, storage_points: 1 }, sum: {} };
  assert.deepEqual(serverFacts({ sources: [early] }), [], 'counters that are a minute late say nothing of the first 20 s');
  assert.equal(lagOf({ sources }), 60);
  assert.deepEqual([serverFacts(null), lagOf(null)], [[], 0]);
});

test('a course is drawn from two points on', () => {
  const course = (times) => courseData({ columns: { elapsed_s: times, age_ms: times.map(() => 7) } }, AGE_LINES);
  assert.equal(course([1]), null);
  assert.deepEqual(course([1, 2]), [[1, 2], [7, 7]]);
});

test('what broke first comes before the limits, and damaged entries stay text', () => {
  const metrics = { broke_first: { side: 'database', from_burst: 3, evidence: 'rows wait' }, limits: [{ name: 7 }] };
  assert.deepEqual(causeRows(metrics), [['first: its database, from burst 3', 'rows wait', ''], ['7', '', '']]);
  assert.deepEqual(causeRows({ limits: 'none' }), []);
});
