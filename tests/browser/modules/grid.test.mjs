import assert from 'node:assert/strict';
import test from 'node:test';

import { deviceName, findDevices, layoutGrid } from '../../../web/js/models/grid.js';
import { countStates, extendStates } from '../../../web/js/models/states.js';

const whole = { run_id: 'r', next: 4, count: 4, states: 'ccfo' };

test('the whole first, then changes in place', () => {
  const known = extendStates(null, whole);
  assert.equal(known.changed, null);
  const more = extendStates(known, { run_id: 'r', next: 6, count: 4, changes: { d: [0], c: [3] } });
  assert.equal(more.letters.join(''), 'dcfc');
  assert.deepEqual(more.changed.sort(), [0, 3]);
  assert.equal(more.letters, known.letters);
  assert.deepEqual(countStates(more.letters), { c: 2, d: 1, f: 1, o: 0 });
});

test('no news is the same object', () => {
  const known = extendStates(null, whole);
  assert.equal(extendStates(known, { ...whole, states: undefined, changes: {} }), known);
});

test('fifteen thousand cells fit a desk and a phone', () => {
  for (const [width, height] of [[1200, 400], [340, 720]]) {
    const { size, columns, rows } = layoutGrid(15_000, width, height);
    assert.ok(columns * size <= width);
    assert.ok(columns * rows >= 15_000);
    assert.ok(size >= 3);
  }
  assert.equal(layoutGrid(10, 1200, 400).size, 20);
});

test('devices are found by a part of their name or by their number', () => {
  const snapshot = { names: ['sim-001', 'SIM-002', 'other'], states: { count: 4 } };
  assert.deepEqual(findDevices(snapshot, 'sim'), [0, 1]);
  assert.deepEqual(findDevices(snapshot, '#4'), [3]);
  assert.deepEqual(findDevices(snapshot, ' '), []);
  assert.equal(deviceName(snapshot, 3), '#4');
});
