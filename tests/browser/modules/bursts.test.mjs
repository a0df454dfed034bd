import assert from 'node:assert/strict';
import test from 'node:test';

import { burstData, burstFacts, burstSummary, chosenBurst, extendBursts, SPREAD_LINES } from '../../../web/js/models/bursts.js';

const answer = (ks, more = {}) => ({
  run_id: 'r', next: ks.length, whole: false, thinned: false,
  columns: { k: ks, due: ks.map((k) => 100 + k), marks: ks.map(() => ''), ...more },
});
const whole = (ks, more) => ({ ...answer(ks, more), whole: true });

test('the whole first, then what changed at the end', () => {
  const known = extendBursts(null, whole([0, 1, 2], { spread_ms: [5, 6, null] }));
  const more = extendBursts(known, answer([2, 3], { spread_ms: [7, 8] }));
  assert.deepEqual(more.rows.map(({ k, spread_ms: spread }) => [k, spread]), [[0, 5], [1, 6], [2, 7], [3, 8]]);
  assert.equal(known.rows.length, 3, 'what was handed out is not changed');
});

test('no news is the same table', () => {
  const known = extendBursts(null, whole([0, 1]));
  assert.equal(extendBursts(known, { ...answer([]), next: known.next }), known);
});

test('a burst of long ago that settles late keeps its place', () => {
  const known = extendBursts(null, whole([0, 1, 2]));
  const more = extendBursts(known, answer([0, 3], { ack_drain_ms: [9, null] }));
  assert.deepEqual(more.rows.map(({ k }) => k), [0, 1, 2, 3]);
  assert.equal(more.rows[0].ack_drain_ms, 9);
});

test('beyond a few thousand all are asked for again', () => {
  const known = extendBursts(null, whole(Array.from({ length: 4000 }, (_, i) => i)));
  assert.equal(extendBursts(known, answer([4000])), null);
});

test('a column a line, by the seconds of the run, holes where nothing was measured', () => {
  const bursts = extendBursts(null, whole([4, 5], { spread_ms: [6, null], ack_drain_ms: [20, 30] }));
  assert.deepEqual(burstData(bursts, 100, SPREAD_LINES), [[4, 5], [6, null], [20, 30]]);
  assert.equal(burstData(null, 100, SPREAD_LINES), null);
  assert.equal(burstData(bursts, undefined, SPREAD_LINES), null);
});

test('the summary counts this machine’s faults, not the warm-up', () => {
  const bursts = extendBursts(null, whole([4, 5, 6], { marks: ['', 'missed', 'warmup'] }));
  assert.equal(burstSummary(bursts), 'bursts 4 to 6, 1 marked late, slow or missed');
  assert.equal(burstSummary(extendBursts(null, whole([4]))), 'bursts 4 to 4, all on time');
  assert.equal(burstSummary(null), '');
});

test('one burst in full: the chosen one, else the last, with its neighbours', () => {
  const bursts = extendBursts(null, whole([4, 7, 9]));
  assert.deepEqual([chosenBurst(bursts, '7').before, chosenBurst(bursts, '7').after], [4, 9]);
  assert.equal(chosenBurst(bursts, '').burst.k, 9);
  assert.equal(chosenBurst(bursts, '12345').isChosen, false);
  assert.equal(chosenBurst(null, ''), null);
});

test('what is missing in a burst is named', () => {
  const facts = Object.fromEntries(burstFacts({ planned: 9, acknowledged: 5, lost: 3, in_flight: 1, due_p50: 2 }));
  assert.equal(facts.Missing, '3 lost · 1 in flight');
  assert.match(facts['From due'], /^p50 2[.,]00\sms$/);
  assert.equal(facts['From write'], undefined);
});
