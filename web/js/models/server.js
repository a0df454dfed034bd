// What the server stored, and what it said of itself: the run's verification, the age of the newest
// stored message, and the server's own counters. Most runs have none of these.

import { count, isNumber, measure, millisecondsText, percent } from '../format.js';
import { t } from '../words.js';

export const AGE_LINES = [{ name: 'age_ms', label: 'Age of the newest stored message', color: '--accent', dash: [], width: 2 }];

export const MACHINE_LINES = [
  { name: 'cpu_percent', label: 'Processor', color: '--accent', dash: [], width: 2 },
  { name: 'memory_percent', label: 'Memory', color: '--text-quiet', dash: [6, 3], width: 1.5 },
];

/** What uPlot draws; null when there is nothing to draw. */
export function courseData(timeline, lines) {
  const times = timeline?.columns.elapsed_s ?? [];
  return times.length < 2 ? null : [times, ...lines.map(({ name }) => timeline.columns[name])];
}

const seconds = (value) => millisecondsText(value * 1000);

/** A pair of a label and a value, left out when there is nothing to say. */
const some = (label, n, text = count) => (n > 0 ? [[t(label), text(n)]] : []);

/** The word, the sign and the tone of a verification. */
function outcome({ state, missing_acknowledged: missing, unverified }) {
  if (missing > 0) return { tone: 'bad', sign: '✕', word: t('{n} acknowledged messages are not stored', { n: count(missing) }) };
  if (unverified > 0) return { tone: 'warn', sign: '▲', word: t('{n} acknowledged messages could not be counted', { n: count(unverified) }) };
  return state === 'complete'
    ? { tone: 'good', sign: '✓', word: t('Everything acknowledged is stored') }
    : { tone: 'warn', sign: '▲', word: t('Not counted to the end') };
}

/** @returns {{ tone: string, sign: string, word: string, note: string, facts: Array<[string, string]> } | null} */
export function verificationModel(metrics) {
  const found = metrics?.verification;
  if (!found) return null;
  const [first] = Array.isArray(found.missing) ? found.missing : [];
  return {
    ...outcome(found),
    note: [found.trouble, found.hint].filter(Boolean).join(' · '),
    facts: [
      [t('Stored'), t('{n} of {all}', { n: count(found.stored), all: count(found.acknowledged) })],
      [t('Devices counted'), count(found.devices_verified)],
      ...some('Stored, not acknowledged', found.stored_unacknowledged),
      ...some('Not counted', found.unverified),
      ...some('Never sent', found.unexpected),
      ...(first ? [[t('First missing'), `${first.name}, ${t('Burst {k}', { k: count(first.k) })}`]] : []),
    ],
  };
}

/** @returns {Array<[string, string]>} empty when no device was asked */
export function freshnessFacts(metrics) {
  const seen = metrics?.freshness;
  if (!(seen?.devices > 0)) return [];
  const grows = seen.growth_s_a_burst > 0.05 ? seen.growth_s_a_burst : 0; // looks are a second apart
  return [
    ...(seen.age_ms?.count > 0 ? [[t('Age, median'), millisecondsText(seen.age_ms.p50)], [t('Age, worst'), millisecondsText(seen.age_ms.max)]] : []),
    ...(isNumber(seen.stored_k) ? [[t('Stored last'), t('burst {k} within {time}', { k: count(seen.stored_k), time: seconds(seen.drain_s) })]] : []),
    ...some('Backlog', grows, (s) => `▲ ${t('grows by {time} a burst', { time: seconds(s) })}`),
    ...some('Looks that failed', seen.failed_polls),
  ];
}

function queueFacts({ queue, sum }) {
  const bad = [[sum.timed_out, 'timed out'], [sum.failed, 'failed']].filter(([n]) => n > 0).map(([n, word]) => `▲ ${count(n)} ${t(word)}`);
  return [[t('Queue {name}', { name: queue }), [t('{n} processed', { n: count(sum.successful) }), ...bad].join(' · ')]];
}

/** How much counters grew since the run's first look; nothing before they could show the run. */
const growth = ({ first, last }, counters) => (last.unix_s - first.unix_s < last.lag_s ? [] : counters
  .filter(([, name]) => isNumber(first[name]) && isNumber(last[name]))
  .map(([label, name]) => [t(label), count(last[name] - first[name])]));

const FACTS = {
  usage: (source) => growth(source, [
    ['Messages received', 'transport_messages'], ['Data points received', 'transport_points'], ['Data points stored', 'storage_points'],
  ]),
  queue: queueFacts,
  prometheus: (source) => [
    ...growth(source, [['Put into the queue', 'queued'], ['Processed', 'processed'], ['Timed out', 'timed_out']]),
    ...some('Rows that wait for the database', source.last.rows_waiting),
    ...some('Processor, its process', source.last.process_cpu, (share) => `${percent(share)} %`),
    ...some('Heap', source.last.heap_bytes, (bytes) => `${measure(bytes / 1e6)} MB`),
  ],
};

/** @returns {Array<[string, string]>} the server's own counters, over the run */
export function serverFacts(server) {
  return Object.entries(FACTS).flatMap(([name, factsOf]) =>
    (server?.sources ?? []).filter(({ source }) => source === name).flatMap(factsOf));
}

/** Seconds by which the slowest source may be late. */
export function lagOf(server) {
  return Math.max(0, ...(server?.sources ?? []).map(({ last }) => last.lag_s).filter(isNumber));
}
