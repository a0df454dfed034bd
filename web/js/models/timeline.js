// The timeline of a run as columns of numbers, the form in which it is sent, kept and drawn.

/** @typedef {{ runId: string, columns: Record<string, number[]> }} Timeline */

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
  if (!known) return { runId: answer.run_id, columns: fresh };
  const added = fresh.elapsed_s?.length ?? 0;
  if (added === 0) return known;
  const names = Object.keys(known.columns);
  const fits = names.every((name) => fresh[name]?.length === added);
  if (!fits || known.columns.elapsed_s.length + added > MOST_POINTS) return null;
  const columns = Object.fromEntries(
    names.map((name) => [name, known.columns[name].concat(fresh[name])]),
  );
  return { runId: known.runId, columns };
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
function firstDue({ bursts, interval_sec: interval, started_at: start }) {
  const burst = bursts?.[0];
  const at = burst?.due - burst?.k * interval - start;
  return Number.isFinite(at) ? at : 0;
}

/** Vertical marks: when every connection was gone, and when they were back. */
export function collapseMarks(metrics) {
  const all = metrics?.collapses?.length ? metrics.collapses : [metrics?.collapse];
  return all.flatMap((collapse) => [
    ...(Number.isFinite(collapse?.at_s)
      ? [{ at: firstDue(metrics) + collapse.at_s, label: 'collapse', before: true, color: '--bad' }]
      : []),
    ...(Number.isFinite(collapse?.recovered_at_s)
      ? [{ at: firstDue(metrics) + collapse.recovered_at_s, label: 'recovered', before: false, color: '--good' }]
      : []),
  ]);
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
  const first = overWhole ? 0 : Math.max(0, times.findIndex((t) => t >= since));
  const begin = first === last ? last - 1 : first;
  const seconds = times[last] - times[begin];
  return seconds > 0 ? (values[last] - values[begin]) / seconds : null;
}
