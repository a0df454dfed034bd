// Past runs: a row each, and two of them side by side.

import { NONE, clock, count, dateTime, decimal, isNumber, measure, millisecondsText, percent } from '../format.js';
import { t } from '../words.js';
import { verdictModel } from './banner.js';

const share = (run) => (isNumber(run.acknowledged_ratio) ? `${percent(run.acknowledged_ratio)} %` : NONE);

/** @returns {Array<object>} newest first */
export function runRows(runs, currentId) {
  return runs.map((run) => {
    const verdict = verdictModel(run.verdict);
    return {
      id: run.run_id,
      started: dateTime(run.started_at),
      isCurrent: run.run_id === currentId,
      hasSummary: Boolean(run.has_summary),
      hasReport: Boolean(run.has_report),
      verdict: verdict?.word ?? (run.has_summary ? NONE : t('no final word')),
      sentence: verdict?.sentence ?? '',
      sign: verdict?.sign ?? '',
      tone: verdict?.tone ?? '',
      length: isNumber(run.elapsed_s) ? clock(run.elapsed_s) : NONE,
      devices: count(run.device_count),
      bursts: count(run.bursts_due),
      acknowledged: share(run),
      p99: millisecondsText(run.ack_from_due?.p99),
      spread: millisecondsText(run.spread_ms?.p50),
    };
  });
}

// What is compared, and which way is better; null: neither.
const FIGURES = [
  { label: 'Verdict', show: (run) => verdictModel(run.verdict)?.word ?? NONE },
  { label: 'Devices', of: (run) => run.device_count, show: (run) => count(run.device_count) },
  { label: 'Burst interval', of: (run) => run.interval_sec, show: (run) => `${decimal(run.interval_sec)} s` },
  { label: 'Bursts', of: (run) => run.bursts_due, show: (run) => count(run.bursts_due) },
  { label: 'Acknowledged', of: (run) => run.acknowledged_ratio, show: share, better: 1 },
  { label: 'Lost', of: (run) => run.totals?.lost, show: (run) => count(run.totals?.lost), better: -1 },
  { label: 'p50, due to acknowledged', ms: (run) => run.ack_from_due?.p50 },
  { label: 'p99, due to acknowledged', ms: (run) => run.ack_from_due?.p99 },
  { label: 'Spread, median burst', ms: (run) => run.spread_ms?.p50 },
  { label: 'Time to collapse', of: (run) => run.collapse?.at_s, show: (run) => clock(run.collapse?.at_s) },
];

/** The second run against the first: "+12.5 %, worse". Nothing where a difference says nothing. */
function difference(a, b, better) {
  if (!isNumber(a) || !isNumber(b) || a === b || a === 0 || !better) return '';
  const change = (b - a) / a * 100;
  const text = `${change > 0 ? '+' : '−'}${measure(Math.abs(change))} %`;
  return `${text}, ${change * better > 0 ? t('better') : t('worse')}`;
}

/** @returns {Array<{ label: string, a: string, b: string, difference: string }>} */
export function compareRuns(a, b) {
  return FIGURES.map(({ label, ms, of = ms, show = (run) => millisecondsText(ms(run)), better = ms ? -1 : null }) => ({
    label: t(label), a: show(a), b: show(b), difference: of ? difference(of(a), of(b), better) : '',
  }));
}
