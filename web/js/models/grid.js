// The state of every device: one letter each, as the server sends them.

import { t } from '../words.js';

/** @typedef {{ runId: string, count: number, next: number, letters: string[], changed: number[] | null }} States */

export const STATES = [
  { letter: 'c', name: 'connected', label: 'Connected', color: '--good' },
  { letter: 'd', name: 'disconnected', label: 'Disconnected', color: '--warn' },
  { letter: 'f', name: 'failed', label: 'Failed', color: '--bad' },
  { letter: 'o', name: 'connecting', label: 'Connecting', color: '--text-quiet' },
];

export const stateOf = (letter) => STATES.find((state) => state.letter === letter) ?? STATES[3];

/**
 * @param {States | null} known
 * @returns {States} `changed`: the indices that differ from before, null for all of them. The
 *   letters are one array that changes in place: 15,000 of them are not copied for two that moved.
 */
export function extendStates(known, answer) {
  const { run_id: runId, next, count } = answer;
  if (answer.states !== undefined || !known || known.count !== count) {
    return { runId, next, count, letters: [...(answer.states ?? '')], changed: null };
  }
  const changed = [];
  for (const [letter, indices] of Object.entries(answer.changes ?? {})) {
    for (const index of indices) {
      known.letters[index] = letter;
      changed.push(index);
    }
  }
  return changed.length === 0 ? known : { ...known, next, changed };
}

/** How many devices are in each state, by letter. */
export function countStates(letters) {
  const counts = { c: 0, d: 0, f: 0, o: 0 };
  for (const letter of letters) counts[letter] += 1;
  return counts;
}

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
