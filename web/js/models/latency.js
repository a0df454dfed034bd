// The latency ladder: from the fastest half to the slowest message.

import { count, millisecondsText } from '../format.js';

export const STEPS = ['p50', 'p75', 'p90', 'p95', 'p99', 'p99.9', 'max'];

const KINDS = [
  { key: 'ack_from_due', label: 'Ack from due', of: (metrics) => metrics.totals?.planned },
  { key: 'ack_from_write', label: 'Ack from write', of: (metrics) => metrics.totals?.sent },
  { key: 'connect', label: 'Connect', of: (metrics) => metrics.device_count },
];

/** @returns {Array<{ label: string, basis: string, steps: string[] }>} only what was measured */
export function latencyRows(metrics) {
  return KINDS.flatMap(({ key, label, of }) => {
    const ladder = metrics?.latency_ms?.[key];
    return ladder?.count > 0
      ? [{
        label,
        basis: `${count(ladder.count)} of ${count(of(metrics))}`,
        steps: STEPS.map((step) => millisecondsText(ladder[step])),
      }]
      : [];
  });
}
