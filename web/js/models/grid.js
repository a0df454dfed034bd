// The grid of devices: where each has its cell, what it is called, and which are looked for.

import { t } from '../words.js';

export function deviceName({ names }, index) {
  return names[index] || `#${index + 1}`;
}

/** Indices of the devices whose name contains the text, or whose number it is. */
export function findDevices({ names, states }, text) {
  const wanted = text.trim().toLowerCase();
  if (wanted === '' || !states) return [];
  const found = [];
  for (let i = 0; i < states.count; ++i) {
    if ((names[i] ?? '').toLowerCase().includes(wanted) || wanted === `#${i + 1}`) found.push(i);
  }
  return found;
}

const GAP = { 20: 2, 16: 2, 12: 2, 10: 1, 8: 1, 6: 1, 5: 1, 4: 1, 3: 0 };

/** The largest cells that let all devices fit into `width` by about `height` pixels. */
export function layoutGrid(count, width, height) {
  for (const size of [20, 16, 12, 10, 8, 6, 5, 4, 3]) {
    const columns = Math.max(1, Math.floor(width / size));
    const rows = Math.ceil(count / columns);
    if (rows * size <= height || size === 3) return { size, gap: GAP[size], columns, rows };
  }
  return null;
}

const OUTCOMES = { a: 'acknowledged', l: 'lost', u: 'unacknowledged', '-': 'not sent' };
export const outcomeName = (letter) => t(OUTCOMES[letter] ?? OUTCOMES['-']);
