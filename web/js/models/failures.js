// Failures by frequency.

/**
 * @returns {Array<{ count: number, share: number, bucket: string, stage: string, detail: string }>}
 *   the most frequent first; share is of the most frequent one
 */
export function failureRows(metrics) {
  const rows = (metrics?.failures ?? fromBreakdown(metrics?.failure_breakdown))
    .filter((row) => row.count > 0)
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

export function failuresEmpty({ state, metrics }) {
  if (!metrics || state?.state === 'idle') return 'Failures of a run are listed here, with stage and reason.';
  return 'No failures so far.';
}
