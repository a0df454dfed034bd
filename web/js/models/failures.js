// Failures by frequency.

import { t } from '../words.js';
import { firstTrouble } from './banner.js';

/**
 * @returns {Array<{ count: number, share: number, bucket: string, stage: string, detail: string }>}
 *   the most frequent first; share is of the most frequent one
 */
export function failureRows(metrics) {
  const rows = (Array.isArray(metrics?.failures) ? metrics.failures : fromBreakdown(metrics?.failure_breakdown))
    .filter((row) => row?.count > 0)
    .map(({ count, bucket, stage, detail }) => ({
      count,
      bucket: String(bucket ?? 'unknown'),
      stage: String(stage ?? ''),
      detail: String(detail ?? ''),
    }))
    .sort((a, b) => b.count - a.count || a.bucket.localeCompare(b.bucket));
  return rows.map((row) => ({ ...row, share: row.count / rows[0].count }));
}

/** Files of the original kit have the sums by bucket alone. */
function fromBreakdown(breakdown) {
  return Object.entries(breakdown ?? {}).map(([bucket, count]) => ({ bucket, count }));
}

/** @param {{ stage: string, bucket: string }} wanted  empty: any */
export function filterFailures(rows, { stage, bucket }) {
  return rows.filter((row) => (stage === '' || row.stage === stage) && (bucket === '' || row.bucket === bucket));
}

/** What there is to choose from. */
export function failureChoices(rows) {
  const distinct = (name) => [...new Set(rows.map((row) => row[name]).filter(Boolean))].sort();
  return { stages: distinct('stage'), buckets: distinct('bucket') };
}

export function failuresEmpty({ banner, metrics }) {
  return !metrics || banner?.state === 'idle'
    ? t('Failures of a run are listed here, with stage and reason.') : `✓ ${t('No failures so far.')}`;
}

/** What broke first, and the limits that the run has probably met, in the run's own words. */
export function causeRows(metrics) {
  const first = firstTrouble(metrics);
  const limits = Array.isArray(metrics?.limits) ? metrics.limits : [];
  return [...(first ? [first] : []), ...limits].map(({ name, evidence, setting }) => [name, evidence, setting].map((text) => String(text ?? '')));
}
