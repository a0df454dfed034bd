// What a card shows, as CSV with plain numbers. Loaded with the first click.

import { copyText, toCsv } from '../csv.js';
import { failureRows } from '../models/failures.js';

const columnsToRows = (columns) => {
  const names = Object.keys(columns);
  return [names, ...(columns[names[0]] ?? []).map((_, i) => names.map((name) => columns[name][i]))];
};

const listToRows = (list, names) => [names, ...list.map((each) => names.map((name) => each[name]))];

const BURST = ['k', 'due', 'marks', 'release_lateness_ms', 'spread_ms', 'ack_drain_ms', 'due_p50', 'due_p99', 'due_max',
  'write_p50', 'write_p99', 'write_max', 'planned', 'sent', 'acknowledged', 'failed', 'skipped', 'lost', 'unacknowledged'];
const LADDER = ['count', 'p50', 'p75', 'p90', 'p95', 'p99', 'p99.9', 'max'];
const DEVICE = ['name', 'status', 'last_failure', 'last_stage', 'failure_reason', 'failure_detail', 'disconnect_code', 'last_seen',
  'planned', 'acknowledged', 'lost', 'failed', 'skipped'];
const RUN = ['run_id', 'started_at', 'status', 'elapsed_s', 'device_count', 'bursts_due', 'acknowledged_ratio'];

const TABLES = {
  timeline: ({ timeline }) => columnsToRows(timeline?.columns ?? {}),
  stored: ({ server }) => columnsToRows(server?.freshness.columns ?? {}),
  figures: ({ server }) => columnsToRows(server?.machine.columns ?? {}),
  failures: ({ metrics }) => listToRows(failureRows(metrics), ['count', 'stage', 'bucket', 'detail']),
  bursts: ({ bursts }) => listToRows((bursts?.rows ?? []).map((row) => ({ ...row, marks: row.marks.join(' ') })), BURST),
  latency: ({ metrics }) => [['metric', ...LADDER],
    ...Object.entries(metrics?.latency_ms ?? {}).map(([name, ladder]) => [name, ...LADDER.map((step) => ladder?.[step])])],
  devices: ({ incidents }) => listToRows(incidents?.rows ?? [], DEVICE),
  runs: ({ runs }) => [[...RUN, 'verdict', 'ack_p99_ms', 'spread_p50_ms'], ...runs.map((run) =>
    [...RUN.map((name) => run[name]), run.verdict?.sentence, run.ack_from_due?.p99, run.spread_ms?.p50])],
};

/** @returns {Promise<boolean>} whether the browser let us */
export const copyTable = (name, snapshot) => copyText(toCsv(TABLES[name](snapshot)));
