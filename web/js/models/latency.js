// The latency ladder: from the fastest half to the slowest message.

import { count, isNumber, millisecondsText } from '../format.js';
import { t } from '../words.js';

export const STEPS = ['p50', 'p75', 'p90', 'p95', 'p99', 'p99.9', 'max'];

const KINDS = [
  { key: 'ack_from_due', label: 'From due', of: (metrics) => (metrics.measured ?? metrics.totals)?.planned },
  { key: 'ack_from_write', label: 'From write', of: (metrics) => (metrics.measured ?? metrics.totals)?.sent },
  { key: 'connect', label: 'Connect', of: (metrics) => metrics.device_count },
];

/** @returns {Array<{ label: string, basis: string, steps: Array<{ text: string, share: number }> }>}
 *   only what was measured; share is of the largest value, on a logarithmic scale */
export function latencyRows(metrics) {
  return KINDS.flatMap(({ key, label, of }) => {
    const ladder = metrics?.latency_ms?.[key];
    if (!(ladder?.count > 0)) return [];
    const top = Math.log10(1 + 1000 * Math.max(ladder.max, 0.001));
    return [{
      label: t(label),
      basis: t('{n} of {all}', { n: count(ladder.count), all: count(of(metrics)) }),
      steps: STEPS.map((step) => ({
        text: millisecondsText(ladder[step]),
        share: isNumber(ladder[step]) ? Math.log10(1 + 1000 * Math.max(ladder[step], 0)) / top : 0,
      })),
    }];
  });
}
