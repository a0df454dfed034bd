// The key figures as label, figure, unit and note. A tone always comes with words in the note.

import {
  NONE, clock, count, decimal, isNumber, measure, milliseconds, millisecondsText, percent,
} from '../format.js';
import { rate } from './timeline.js';

const AT_REST = new Set(['idle', 'stopped', 'missing', 'broken', 'stale']);

const tile = (id, label, value, unit = '', note = '', tone = '') =>
  ({ id, label, value, unit, note, tone });

const joined = (...parts) => parts.filter(Boolean).join(' · ');

const some = (n, word) => (n > 0 ? `${count(n)} ${word}` : '');

function connected(m) {
  const missing = joined(
    some(m.connecting_devices, 'connecting'),
    some(m.disconnected_devices, 'disconnected'),
    some(m.failed_devices, 'failed'),
  );
  const trouble = m.disconnected_devices + m.failed_devices > 0;
  const isComplete = m.device_count > 0 && m.connected_devices === m.device_count;
  return tile('connected', 'Connected devices', count(m.connected_devices),
    isNumber(m.connected_devices) ? `of ${count(m.device_count)}` : '',
    missing || (isComplete ? 'all of them' : ''), trouble ? 'warn' : '');
}

function ratio(m) {
  const { planned, skipped, failed, lost, unacknowledged, in_flight: open } = m.totals ?? {};
  if (!(planned > 0)) return tile('ratio', 'Acknowledged ratio', NONE, '', 'of planned messages');
  const notes = joined(
    some(skipped, 'skipped'), some(failed, 'failed'), some(lost, 'lost'),
    some(unacknowledged, 'unacknowledged'),
  );
  return tile('ratio', 'Acknowledged ratio', percent(m.acknowledged_ratio), '%',
    notes || (open > 0 ? `${count(open)} still under way` : 'nothing missing'), notes ? 'warn' : '');
}

function latency(m) {
  const ladder = m.latency_ms?.ack_from_due;
  if (!(ladder?.count > 0)) return tile('p99', 'p99 due to acknowledged', NONE, '', '');
  const { value, unit } = milliseconds(ladder.p99);
  return tile('p99', 'p99 due to acknowledged', value, unit,
    `median ${millisecondsText(ladder.p50)} · max ${millisecondsText(ladder.max)} · ` +
    `${count(ladder.count)} of ${count(m.totals?.planned)}`);
}

function spread(m) {
  const burst = m.bursts?.at(-1);
  if (!burst) return tile('spread', 'Spread of last burst', NONE, '', '');
  const { value, unit } = milliseconds(burst.spread_ms);
  const marks = (burst.marks ?? []).filter((mark) => mark !== 'warmup');
  const how = marks.length
    ? `▲ ${marks.join(', ')} by this machine`
    : `released ${millisecondsText(burst.release_lateness_ms)} after due`;
  const queued = m.write_time === 'queued' ? 'as queued' : '';
  return tile('spread', 'Spread of last burst', value, unit,
    joined(`burst ${count(burst.k)}`, how, queued), marks.length ? 'warn' : '');
}

function throughput(timeline, whole) {
  const acknowledged = rate(timeline, 'acknowledged', whole);
  const sent = rate(timeline, 'sent', whole);
  return tile('throughput', 'Throughput', measure(acknowledged),
    acknowledged === null ? '' : 'msg/s',
    acknowledged === null
      ? ''
      : joined(`sent ${measure(sent)}`, whole ? 'whole run' : 'last 5 s'));
}

function collapse(m) {
  const { at_s: at, recovered_at_s: back } = m.collapse ?? { at_s: m.collapse_time };
  if (isNumber(at)) {
    return tile('collapse', 'Collapse', clock(at), '',
      isNumber(back) ? `▲ all connections lost · recovered ${clock(back)}`
        : '▲ all connections lost · not recovered', 'bad');
  }
  const hasRun = isNumber(m.updated_at ?? m.timestamp);
  return tile('collapse', 'Collapse', hasRun ? 'none' : NONE, '',
    hasRun ? 'connections never fell to 0' : '');
}

function elapsed(m, state) {
  const begun = isNumber(m.started_at) && m.started_at > 0;
  const until = AT_REST.has(state?.state) ? m.updated_at : state?.now;
  return tile('elapsed', 'Elapsed', begun ? clock(until - m.started_at) : NONE, '',
    isNumber(m.interval_sec) && begun ? `a burst every ${decimal(m.interval_sec)} s` : '');
}

/** An idle file has zeros where a run would have figures: those are not shown as measured. */
function figuresOf(metrics) {
  return metrics?.status === 'idle'
    ? { device_count: metrics.device_count, connected_devices: 0 }
    : metrics ?? {};
}

/** @param {import('../store.js').Snapshot} snapshot  @returns {Array<object>} always the same ids */
export function tilesModel({ state, metrics, timeline, chosenRun }) {
  const m = figuresOf(metrics);
  const t = m.totals ?? {};
  const rests = AT_REST.has(state?.state);
  const ownTimeline = chosenRun && chosenRun !== m.run_id ? null : timeline;
  const bursts = m.bursts?.length ? m.bursts.at(-1).k + 1 : null;
  const sent = t.sent ?? m.total_packets_sent;
  return [
    connected(m),
    ratio(m),
    latency(m),
    spread(m),
    throughput(ownTimeline, rests),
    elapsed(m, state),
    tile('sent', 'Sent', count(sent), '',
      isNumber(t.planned) ? joined(`of ${count(t.planned)} planned`, some(bursts, 'bursts')) : ''),
    tile('acknowledged', 'Acknowledged', count(t.acknowledged), '',
      isNumber(t.in_flight) ? `${count(t.in_flight)} in flight` : ''),
    tile('bandwidth', 'Bandwidth', measure(m.bandwidth_mbps),
      isNumber(m.bandwidth_mbps) ? 'Mbit/s' : '', isNumber(m.bandwidth_mbps) ? 'last 5 s' : ''),
    tile('volume', 'Volume', measure(m.total_volume_mb), isNumber(m.total_volume_mb) ? 'MB' : '',
      isNumber(m.total_volume_mb) ? 'payload' : ''),
    tile('rate', 'Average rate', measure(m.avg_send_rate_per_device),
      isNumber(m.avg_send_rate_per_device) ? 'msg/s' : '',
      isNumber(m.avg_send_rate_per_device) ? 'per device' : ''),
    collapse(m),
  ];
}
