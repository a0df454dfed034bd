// The last bursts, one after another: how tight they were, and how long the server took.

import { isNumber } from '../format.js';

export const LINES = [
  { label: 'Spread', color: '--accent', dash: [], width: 2 },
  { label: 'Due to last acknowledgement', color: '--text-quiet', dash: [6, 3], width: 2 },
];

const rows = (metrics) => (Array.isArray(metrics?.bursts) ? metrics.bursts : []);

const orNull = (value) => (isNumber(value) ? value : null);

/** Burst numbers, then a column a line, in milliseconds; null when there is nothing to draw. */
export function burstData(metrics) {
  const bursts = rows(metrics).filter((burst) => isNumber(burst?.k));
  return bursts.length === 0 ? null : [
    bursts.map((burst) => burst.k),
    bursts.map((burst) => orNull(burst.spread_ms)),
    bursts.map((burst) => orNull(burst.ack_drain_ms)),
  ];
}

/** A line through every burst that was this machine's fault, with the word for it. */
export function burstMarks(metrics) {
  return rows(metrics).flatMap(({ k, marks }) => {
    const faults = faultsOf(marks);
    return faults.length ? [{ at: k, label: faults.join(', '), before: false, color: '--warn' }] : [];
  });
}

const faultsOf = (marks) => (marks ?? []).filter((mark) => mark !== 'warmup');

/** What the chart shows, in a sentence. */
export function burstSummary(metrics) {
  const bursts = rows(metrics);
  if (bursts.length === 0) return '';
  const faults = bursts.filter(({ marks }) => faultsOf(marks).length > 0).length;
  const range = `bursts ${bursts[0].k} to ${bursts.at(-1).k}`;
  return faults ? `${range}, ${faults} marked late, slow or missed` : `${range}, all on time`;
}
