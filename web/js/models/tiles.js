// The key figures as label, figure, unit and note. A tone always comes with words in the note.

import {
  NONE, clock, count, decimal, isNumber, measure, milliseconds, millisecondsText, percent,
} from '../format.js';
import { t } from '../words.js';
import { lastBurst } from './bursts.js';
import { rate } from './timeline.js';

const AT_REST = new Set(['idle', 'stopped', 'missing', 'broken', 'stale']);

const tile = (id, label, { value = NONE, unit = '' } = {}, note = '', tone = '') =>
  ({ id, label: t(label), value, unit: value === NONE ? '' : unit, note, tone });

const joined = (...parts) => parts.filter(Boolean).join(' · ');

/** What did not come to an acknowledgement: the two kinds that are most, and how many others. */
function missingOf({ skipped, failed, lost, unacknowledged }) {
  const kinds = Object.entries({ skipped, failed, lost, unacknowledged }).filter(([, n]) => n > 0).sort(([, a], [, b]) => b - a);
  const others = kinds.slice(2).reduce((sum, [, n]) => sum + n, 0);
  return joined(...kinds.slice(0, 2).map(([word, n]) => `${count(n)} ${t(word)}`), others > 0 ? t('{n} others', { n: count(others) }) : '');
}

function throughput(timeline, rests, m) {
  const acknowledged = rate(timeline, 'acknowledged', rests);
  const planned = m.totals?.planned;
  return tile('throughput', 'Throughput', { value: measure(acknowledged), unit: t('msg/s') },
    acknowledged === null ? '' : joined(
      isNumber(planned) ? t('{sent} of {planned} sent', { sent: count(m.totals.sent), planned: count(planned) }) : '',
      rests ? t('whole run') : t('last 5 s')));
}

function bandwidth(m) {
  const known = isNumber(m.bandwidth_mbps);
  return tile('bandwidth', 'Bandwidth', { value: measure(m.bandwidth_mbps), unit: 'Mbit/s' },
    known ? t('{n} MB payload so far', { n: measure(m.total_volume_mb) }) : '');
}

function ratio(m) {
  const { planned, in_flight: open } = m.totals ?? {};
  if (!(planned > 0)) return tile('ratio', 'Acknowledged');
  const missing = missingOf(m.totals);
  return tile('ratio', 'Acknowledged', { value: percent(m.acknowledged_ratio), unit: '%' },
    missing ? `▲ ${missing}`
      : open > 0 ? t('{n} still under way', { n: count(open) }) : t('nothing missing'), missing ? 'warn' : '');
}

function spread(m, burst) {
  if (!burst) return tile('spread', 'Spread, last burst');
  const faults = burst.marks.filter((mark) => mark !== 'warmup');
  const how = faults.length
    ? `▲ ${faults.map((mark) => t(mark)).join(', ')}: ${t('this machine’s fault')}`
    : t('released {time} after due', { time: millisecondsText(burst.release_lateness_ms) });
  return tile('spread', 'Spread, last burst', milliseconds(burst.spread_ms),
    joined(how, m.write_time === 'queued' ? t('as queued') : ''), faults.length ? 'warn' : '');
}

function latency(m) {
  const ladder = m.latency_ms?.ack_from_due;
  if (!(ladder?.count > 0)) return tile('p99', 'Latency p99');
  return tile('p99', 'Latency p99', milliseconds(ladder.p99),
    joined(t('median {time}', { time: millisecondsText(ladder.p50) }), `max ${millisecondsText(ladder.max)}`));
}

/** Seconds until the next burst is due; null when none is to come. */
export function untilNext(m, burst, now) {
  const last = m.bursts_planned > 0 && burst?.k + 1 >= m.bursts_planned;
  if (!burst || last || m.phase !== 'bursting' || !(m.interval_sec > 0)) return null;
  const since = now - burst.due;
  return m.interval_sec - (((since % m.interval_sec) + m.interval_sec) % m.interval_sec);
}

function interval(m, burst, now, rests) {
  const begun = m.started_at > 0 && isNumber(m.interval_sec);
  if (!begun) return tile('interval', 'Burst interval');
  const left = rests ? null : untilNext(m, burst, now);
  const done = isNumber(m.bursts_due)
    ? m.bursts_planned > 0
      ? t('{n} of {all} bursts', { n: count(m.bursts_due), all: count(m.bursts_planned) })
      : t('{n} bursts', { n: count(m.bursts_due) })
    : '';
  // Below two seconds a countdown would only flicker.
  const next = left !== null && m.interval_sec >= 2 ? t('next in {time}', { time: clock(Math.ceil(left)) }) : '';
  return tile('interval', 'Burst interval', { value: decimal(m.interval_sec), unit: 's' }, joined(next, done));
}

function collapse(m) {
  const { at_s: at, recovered_at_s: back } = m.collapse ?? { at_s: m.collapse_time };
  if (isNumber(at)) {
    return tile('collapse', 'Time to collapse', { value: clock(at) },
      isNumber(back) ? t('▲ all connections lost, back at {time}', { time: clock(back) })
        : t('▲ all connections lost, not recovered'), 'bad');
  }
  const hasRun = m.started_at > 0 || isNumber(m.timestamp);
  return tile('collapse', 'Time to collapse', { value: hasRun ? t('none') : NONE },
    hasRun ? t('never without connections') : '');
}

function elapsed(m, rests, now) {
  const begun = isNumber(m.started_at) && m.started_at > 0;
  const seconds = rests ? m.elapsed_s ?? m.updated_at - m.started_at : now - m.started_at;
  return tile('elapsed', 'Elapsed', { value: begun ? clock(seconds) : NONE },
    begun && m.phase ? t(m.phase) : begun && rests ? t('ended') : '');
}

/** An idle file has zeros where a run would have figures: those are not shown as measured. */
function figuresOf(metrics) {
  return metrics?.status === 'idle' ? {} : metrics ?? {};
}

/**
 * @param {import('../store.js').Snapshot} snapshot
 * @param {number} now  unix seconds by the server's clock
 * @returns {Array<object>} always the same ids
 */
export function tilesModel({ banner, metrics, timeline, bursts }, now) {
  const m = figuresOf(metrics);
  const rests = AT_REST.has(banner?.state);
  const burst = metrics?.status === 'idle' ? null : lastBurst(bursts);
  return [
    throughput(metrics?.status === 'idle' ? null : timeline, rests, m), bandwidth(m), ratio(m), latency(m),
    spread(m, burst), interval(m, burst, now, rests), collapse(m), elapsed(m, rests, now),
  ];
}
