// The rows of the device table.

import { NONE, dateTime, isNumber, timeOfDay } from '../format.js';
import { t } from '../words.js';

export const TONES = { connected: 'good', disconnected: 'warn', failed: 'bad' };

/** Unix seconds; files may also hold a date as text. */
function toSeconds(value) {
  if (isNumber(value)) return value;
  const parsed = typeof value === 'string' ? Date.parse(value) / 1000 : NaN;
  return Number.isFinite(parsed) ? parsed : null;
}

const codeText = (code) => (code === null || code === undefined || code === '' ? '' : t('code {n}', { n: code }));

/** @param {object | null} incidents  what the server found */
export function incidentRows(incidents) {
  return (incidents?.rows ?? []).map((device) => {
    const at = toSeconds(device.last_failure);
    const seen = toSeconds(device.last_seen);
    return {
      name: String(device.name ?? ''),
      status: String(device.status ?? 'unknown'),
      tone: TONES[device.status] ?? '',
      // Times of day, not ages: a row stays as it is until something is heard of its device.
      when: at > 0 ? timeOfDay(at) : NONE,
      whenExact: at > 0 ? dateTime(at) : '',
      stage: String(device.last_stage ?? ''),
      reason: String(device.failure_reason ?? ''),
      detail: [device.failure_detail, codeText(device.disconnect_code)].filter(Boolean).join(' · '),
      seen: seen ? timeOfDay(seen) : t('never'),
      seenExact: seen ? dateTime(seen) : '',
    };
  });
}

export function incidentsEmpty({ banner, metrics, table }) {
  if (table.search) return t('No device matches.');
  if (!metrics || banner?.state === 'idle') return t('Devices with trouble are listed here, the latest first.');
  return t('No device has had an incident so far.');
}
