// The state of every device: one letter each, as the server sends them.

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
