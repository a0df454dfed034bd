// The bursts of a run, one after another: how tight they were, and how long the server took.

import { count, isNumber, millisecondsText } from '../format.js';
import { t } from '../words.js';

/** @typedef {{ runId: string, next: number, thinned: boolean, rows: Array<object> }} Bursts */

const MOST_ROWS = 4000;

export const SPREAD_LINES = [
  { name: 'spread_ms', label: 'Spread', color: '--accent', dash: [], width: 2 },
  { name: 'ack_drain_ms', label: 'Due to last acknowledgement', color: '--text-quiet', dash: [6, 3], width: 1.5 },
];

export const LATENCY_LINES = [
  { name: 'due_p50', label: 'p50', color: '--good', dash: [], width: 1.5 },
  { name: 'due_p99', label: 'p99', color: '--accent', dash: [], width: 2 },
  { name: 'due_max', label: 'max', color: '--text-quiet', dash: [2, 3], width: 1.5 },
];

/** Columns, as they are sent, to one object a burst. */
function rowsOf(columns) {
  const names = Object.keys(columns);
  return (columns.k ?? []).map((_, i) => ({
    ...Object.fromEntries(names.map((name) => [name, columns[name][i]])),
    marks: String(columns.marks?.[i] ?? '').split(' ').filter(Boolean),
  }));
}

/**
 * The known bursts with those of an answer that was asked for from the known `next` on.
 * @returns {Bursts | null} null when all have to be asked for anew
 */
export function extendBursts(known, answer) {
  const fresh = rowsOf(answer.columns);
  if (!known || answer.whole) {
    return { runId: answer.run_id, next: answer.next, thinned: answer.thinned, rows: fresh };
  }
  if (fresh.length === 0) return known.next === answer.next ? known : { ...known, next: answer.next };
  // What changes are the last bursts: everything before the first of them stays.
  const at = known.rows.findIndex((row) => row.k >= fresh[0].k);
  const kept = at < 0 ? known.rows : known.rows.slice(0, at);
  const changed = new Map([...(at < 0 ? [] : known.rows.slice(at)), ...fresh].map((row) => [row.k, row]));
  const rows = [...kept, ...[...changed.values()].sort((a, b) => a.k - b.k)];
  return rows.length > MOST_ROWS ? null : { ...known, next: answer.next, rows };
}

export const lastBurst = (bursts) => bursts?.rows.at(-1) ?? null;

/** What uPlot draws: seconds since the run's start, then a column a line. */
export function burstData(bursts, startedAt, lines) {
  const rows = (bursts?.rows ?? []).filter(({ due }) => isNumber(due));
  return rows.length === 0 || !isNumber(startedAt) ? null : [
    rows.map(({ due }) => due - startedAt),
    ...lines.map(({ name }) => rows.map((row) => row[name] ?? null)),
  ];
}

/** The marks that say that this machine was at fault. */
export const faultsOf = (marks) => marks.filter((mark) => mark !== 'warmup');

/** What the chart shows, in a sentence. */
export function burstSummary(bursts) {
  const rows = bursts?.rows ?? [];
  if (rows.length === 0) return '';
  const faults = rows.filter(({ marks }) => faultsOf(marks).length > 0).length;
  const range = t('bursts {first} to {last}', { first: count(rows[0].k), last: count(rows.at(-1).k) });
  return `${range}, ${faults ? t('{n} marked late, slow or missed', { n: count(faults) }) : t('all on time')}`;
}

/** The burst of this number, else the last one; with its neighbours' numbers. */
export function chosenBurst(bursts, wanted) {
  const rows = bursts?.rows ?? [];
  const found = wanted === '' ? -1 : rows.findIndex(({ k }) => k === Number(wanted));
  const at = found < 0 ? rows.length - 1 : found;
  return rows[at]
    ? { burst: rows[at], isChosen: found >= 0, before: rows[at - 1]?.k ?? null, after: rows[at + 1]?.k ?? null }
    : null;
}

const ladder = (burst, kind) => ['p50', 'p99', 'max']
  .filter((step) => isNumber(burst[`${kind}_${step}`]))
  .map((step) => `${step} ${millisecondsText(burst[`${kind}_${step}`])}`).join(' · ');

/** One burst as pairs of a label and what is to be said. */
export function burstFacts(burst) {
  const missing = ['failed', 'skipped', 'lost', 'unacknowledged', 'in_flight']
    .filter((name) => burst[name] > 0).map((name) => `${count(burst[name])} ${t(name.replace('_', ' '))}`).join(' · ');
  return [
    ['Released after due', millisecondsText(burst.release_lateness_ms)],
    ['Spread', millisecondsText(burst.spread_ms)],
    ['Last acknowledgement', millisecondsText(burst.ack_drain_ms)],
    ['Acknowledged', t('{n} of {all}', { n: count(burst.acknowledged), all: count(burst.planned) })],
    ['Missing', missing || t('nothing')],
    ['From due', ladder(burst, 'due')],
    ['From write', ladder(burst, 'write')],
  ].filter(([, value]) => value !== '').map(([label, value]) => [t(label), value]);
}
