import assert from 'node:assert/strict';
import test from 'node:test';

import {
  NONE, ago, clock, count, dateTime, decimal, measure, milliseconds, millisecondsText, percent,
  timeOfDay,
} from '../../../web/js/format.js';

test('what is no number becomes a dash', () => {
  for (const nothing of [undefined, null, NaN, Infinity, '5', {}]) {
    for (const show of [count, measure, percent, clock, ago, decimal, dateTime, timeOfDay, millisecondsText]) {
      assert.equal(show(nothing), NONE);
    }
  }
});

test('counts keep every digit up to ten million', () => {
  assert.equal(count(0), '0');
  assert.equal(count(1_234_567), (1_234_567).toLocaleString());
  assert.match(count(12_345_678), /12[.,]35/);
});

test('measures show what is significant', () => {
  assert.equal(measure(0), '0');
  assert.equal(measure(523.4), '523');
  assert.equal(measure(52.34).replace(',', '.'), '52.3');
  assert.equal(measure(5.234).replace(',', '.'), '5.23');
  assert.equal(measure(0.00441).replace(',', '.'), '0.0044');
});

test('a ratio below one never reads as a hundred per cent', () => {
  assert.equal(percent(1), '100');
  assert.equal(percent(0.999999).replace(',', '.'), '99.99');
  assert.equal(percent(0), '0');
});

test('milliseconds change their unit with their size', () => {
  assert.equal(milliseconds(0.25).unit, 'µs');
  assert.deepEqual(milliseconds(12.84), { value: measure(12.84), unit: 'ms' });
  assert.deepEqual(milliseconds(12_840), { value: measure(12.84), unit: 's' });
});

test('elapsed time reads as a clock', () => {
  assert.equal(clock(7.9), '0:07');
  assert.equal(clock(750), '12:30');
  assert.equal(clock(3723), '1:02:03');
  assert.equal(clock(-4), '0:00');
});

test('ages use one unit', () => {
  assert.equal(ago(0.4), 'just now');
  assert.equal(ago(-3), 'just now');
  assert.equal(ago(12.7), '12 s ago');
  assert.equal(ago(300), '5 min ago');
  assert.equal(ago(7300), '2 h ago');
  assert.equal(ago(400_000), '4 days ago');
});

test('a time beyond every calendar is no trouble', () => {
  assert.equal(dateTime(1e300), NONE);
});
