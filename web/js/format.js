// Numbers, durations and times as a reader of this locale writes them. Every function takes what a
// file may hold: anything that is no number becomes a dash.

import { locale, t } from './words.js';

export const NONE = '–';

const numbers = new Map();

function formatter(options) {
  const key = JSON.stringify(options);
  if (!numbers.has(key)) numbers.set(key, new Intl.NumberFormat(locale(), options));
  return numbers.get(key);
}

/** @returns {boolean} whether `value` is a number one can show */
export function isNumber(value) {
  return typeof value === 'number' && Number.isFinite(value);
}

/** A whole number with its grouping; above ten million shortened ("12.3M"). */
export function count(value) {
  if (!isNumber(value)) return NONE;
  return Math.abs(value) < 1e7
    ? formatter({ maximumFractionDigits: 0 }).format(value)
    : formatter({ notation: 'compact', maximumSignificantDigits: 4 }).format(value);
}

/** A measured number: two or three significant digits. */
export function measure(value) {
  if (!isNumber(value)) return NONE;
  const size = Math.abs(value);
  if (size > 0 && size < 0.1) return formatter({ maximumSignificantDigits: 2 }).format(value);
  const digits = size >= 100 || size === 0 ? 0 : size >= 10 ? 1 : 2;
  return formatter({ minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
}

/** A number as it was set: "1", "0.25". */
export function decimal(value) {
  return isNumber(value) ? formatter({ maximumFractionDigits: 3 }).format(value) : NONE;
}

/** A share of 1 in per cent; never rounded up to a full hundred. */
export function percent(share) {
  if (!isNumber(share)) return NONE;
  const whole = Math.floor(share * 1e4 + 1e-6) / 100;
  return whole === 100 || whole === 0
    ? formatter({ maximumFractionDigits: 0 }).format(whole)
    : formatter({ minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(whole);
}

/** Milliseconds as a figure and its unit. */
export function milliseconds(value) {
  if (!isNumber(value)) return { value: NONE, unit: '' };
  if (value < 1 && value > 0) return { value: measure(value * 1000), unit: 'µs' };
  return value < 10_000
    ? { value: measure(value), unit: 'ms' }
    : { value: measure(value / 1000), unit: 's' };
}

/** The same in one piece: "6.84 ms", never parted at a line's end. */
export function millisecondsText(value) {
  const { value: figure, unit } = milliseconds(value);
  return unit ? `${figure}\u00a0${unit}` : figure;
}

/** Seconds as a clock: "0:07", "12:30", "1:02:03". */
export function clock(seconds) {
  if (!isNumber(seconds)) return NONE;
  const whole = Math.max(0, Math.floor(seconds));
  const two = (n) => String(n).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0
    ? `${hours}:${two(minutes)}:${two(whole % 60)}`
    : `${minutes}:${two(whole % 60)}`;
}

/** How long ago, in one unit: "just now", "12 s ago", "3 min ago". */
export function ago(seconds) {
  if (!isNumber(seconds)) return NONE;
  if (seconds < 1) return t('just now');
  if (seconds < 120) return t('{n} s ago', { n: Math.floor(seconds) });
  if (seconds < 7200) return t('{n} min ago', { n: Math.floor(seconds / 60) });
  return seconds < 172_800
    ? t('{n} h ago', { n: Math.floor(seconds / 3600) })
    : t('{n} days ago', { n: Math.floor(seconds / 86_400) });
}

const isTime = (unixSeconds) => isNumber(unixSeconds) && Math.abs(unixSeconds) <= 8e12;

/** Unix seconds as a date and time for people. */
export function dateTime(unixSeconds) {
  if (!isTime(unixSeconds)) return NONE;
  return new Date(unixSeconds * 1000).toLocaleString(locale(), {
    dateStyle: 'medium',
    timeStyle: 'medium',
  });
}

/** Unix seconds as the time of day. */
export function timeOfDay(unixSeconds) {
  if (!isTime(unixSeconds)) return NONE;
  return new Date(unixSeconds * 1000).toLocaleTimeString(locale(), { timeStyle: 'medium' });
}
