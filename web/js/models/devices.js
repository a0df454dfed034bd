// The devices that had trouble most recently.

import { dateTime, isNumber, timeOfDay } from '../format.js';

const MOST_ROWS = 40;

const TONES = { connected: 'good', disconnected: 'warn', failed: 'bad' };

/** Unix seconds; files may also hold a date as text. */
function toSeconds(value) {
  if (isNumber(value)) return value;
  const parsed = typeof value === 'string' ? Date.parse(value) / 1000 : NaN;
  return Number.isFinite(parsed) ? parsed : null;
}

/** @returns {Array<object>} the latest incidents first, at most 40 */
export function incidentRows(metrics) {
  return incidents(metrics)
    .sort((a, b) => b.at - a.at || a.name.localeCompare(b.name))
    .slice(0, MOST_ROWS)
    .map((row) => ({
      ...row,
      // Times of day, not ages: a row stays as it is until something happens to its device.
      when: row.at > 0 ? timeOfDay(row.at) : '',
      whenExact: row.at > 0 ? dateTime(row.at) : '',
      seenText: row.seen ? timeOfDay(row.seen) : 'never',
      seenExact: row.seen ? dateTime(row.seen) : '',
    }));
}

export function incidentCount(metrics) {
  return incidents(metrics).length;
}

function incidents(metrics) {
  return (Array.isArray(metrics?.devices) ? metrics.devices : [])
    .filter((device) => device && (device.last_failure || device.failure_reason))
    .map((device) => ({
      name: String(device.name ?? ''),
      status: String(device.status ?? 'unknown'),
      tone: TONES[device.status] ?? '',
      at: toSeconds(device.last_failure) ?? 0,
      stage: String(device.last_stage ?? ''),
      reason: String(device.failure_reason ?? ''),
      detail: [device.failure_detail, codeText(device.disconnect_code)].filter(Boolean).join(' · '),
      seen: toSeconds(device.last_seen),
    }));
}

function codeText(code) {
  return code === null || code === undefined || code === '' ? '' : `code ${code}`;
}

export function incidentsEmpty({ state, metrics }) {
  if (!metrics || state?.state === 'idle') return 'Devices with trouble are listed here, the latest first.';
  return 'No device has had an incident so far.';
}
