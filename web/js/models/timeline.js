// The timeline of a run as columns of numbers, the form in which it is sent, kept and drawn.

import { t } from '../words.js';
import { faultsOf } from './bursts.js';

/** @typedef {{ runId: string, thinned: boolean, columns: Record<string, number[]> }} Timeline */

// An hour in seconds. Beyond it the server's thinned picture of the whole takes over again.
const MOST_POINTS = 3600;

export const LINES = [
  { name: 'connected', label: 'Connected', color: '--good', dash: [], width: 2 },
  { name: 'disconnected', label: 'Disconnected', color: '--warn', dash: [8, 4], width: 2 },
  { name: 'failed', label: 'Failed', color: '--bad', dash: [2, 3], width: 2 },
  { name: 'connecting', label: 'Connecting', color: '--text-quiet', dash: [], width: 1 },
];

/** @param {Timeline} timeline  @returns {number | undefined} time of the last row, in seconds */
export function lastElapsed(timeline) {
  return timeline.columns.elapsed_s?.at(-1);
}

/**
 * The known rows followed by those of an answer that was asked for from the last known one on.
 * @param {Timeline | null} known  null: the answer is the whole
 * @returns {Timeline | null} null when the whole has to be asked for anew
 */
export function extend(known, answer) {
  const fresh = answer.columns;
  if (!known) return { runId: answer.run_id, thinned: Boolean(answer.thinned), columns: fresh };
  const added = fresh.elapsed_s?.length ?? 0;
  if (added === 0) return known;
  const names = Object.keys(known.columns);
  const fits = names.every((name) => fresh[name]?.length === added);
  if (!fits || known.columns.elapsed_s.length + added > MOST_POINTS) return null;
  const columns = Object.fromEntries(
    names.map((name) => [name, known.columns[name].concat(fresh[name])]),
  );
  return { ...known, columns };
}

/** The known rows with those of an answer in place of the stretch from `from` to `to`. */
export function splice(known, answer, from, to) {
  const times = known.columns.elapsed_s;
  const first = times.findIndex((at) => at > from);
  const after = times.findIndex((at) => at > to);
  const head = first < 0 ? times.length : first;
  const tail = after < 0 ? times.length : after;
  const columns = Object.fromEntries(Object.entries(known.columns).map(([name, values]) =>
    [name, [...values.slice(0, head), ...(answer.columns[name] ?? []), ...values.slice(tail)]]));
  const lengths = new Set(Object.values(columns).map((column) => column.length));
  return lengths.size === 1 ? { ...known, columns } : known;
}

/** What uPlot draws: times, then one column a line; empty when there is nothing to draw. */
export function chartData(timeline) {
  const times = timeline?.columns.elapsed_s ?? [];
  const missing = new Array(times.length).fill(null);
  return times.length === 0
    ? null
    : [times, ...LINES.map((line) => timeline.columns[line.name] ?? missing)];
}

/** Seconds from the run's start to its first burst, from where a collapse is counted. */
function firstDue(metrics, bursts) {
  const burst = bursts?.rows[0];
  const at = burst?.due - burst?.k * metrics.interval_sec - metrics.started_at;
  return Number.isFinite(at) ? at : 0;
}

function collapseMarks(metrics, start) {
  const all = metrics.collapses?.length ? metrics.collapses : [metrics.collapse];
  return all.flatMap((collapse) => [
    ...(Number.isFinite(collapse?.at_s)
      ? [{ at: start + collapse.at_s, label: t('collapse'), before: true, color: '--bad' }] : []),
    ...(Number.isFinite(collapse?.recovered_at_s)
      ? [{ at: start + collapse.recovered_at_s, label: t('recovered'), before: false, color: '--good' }] : []),
  ]);
}

/** A run of one stage has no changes of stage. */
function stageMarks(metrics, start) {
  const stages = Array.isArray(metrics.stages) ? metrics.stages : [];
  return stages.slice(1).map(({ first_burst: k, devices }, i) => ({
    at: start + k * metrics.interval_sec, before: false, color: '--text-quiet', dash: [3, 3],
    label: t('stage {n}: {devices}', { n: i + 2, devices }),
  }));
}

const BURST_COLORS = { late: '--warn', slow: '--warn', missed: '--bad' };

/** Small signs above the chart: a burst that this machine released late, wrote slowly or missed. */
function burstMarks(metrics, bursts) {
  return (bursts?.rows ?? []).flatMap(({ due, marks }) => {
    const [fault] = faultsOf(marks);
    return fault ? [{ at: due - metrics.started_at, tick: fault === 'missed' ? '✕' : '▲', color: BURST_COLORS[fault] ?? '--warn' }] : [];
  });
}

/** What happened when, in seconds since the start of the run. */
export function timelineMarks(metrics, bursts) {
  if (!metrics) return [];
  const start = firstDue(metrics, bursts);
  return [...stageMarks(metrics, start), ...collapseMarks(metrics, start), ...burstMarks(metrics, bursts)];
}

/**
 * Messages a second: over the last five seconds while the run goes on, else over the whole run.
 * @param {string} name  a counter: "sent", "acknowledged"
 */
export function rate(timeline, name, overWhole) {
  const times = timeline?.columns.elapsed_s ?? [];
  const values = timeline?.columns[name] ?? [];
  if (times.length < 2 || values.length !== times.length) return null;
  const last = times.length - 1;
  const since = times[last] - 5;
  const first = overWhole ? 0 : Math.max(0, times.findIndex((at) => at >= since));
  const begin = first === last ? last - 1 : first;
  const seconds = times[last] - times[begin];
  return seconds > 0 ? (values[last] - values[begin]) / seconds : null;
}
