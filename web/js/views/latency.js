import { STEPS, latencyRows } from '../models/latency.js';
import { byId, make, showTable, syncRows } from './dom.js';

function headRow(columns) {
  return make('tr', {}, make('td'), ...columns.map(({ label, basis }) =>
    make('th', { scope: 'col', class: 'number' },
      label, make('br'), make('span', { class: 'quiet' }, basis))));
}

function cell({ text, share }) {
  const bar = make('span', { class: 'rung', 'aria-hidden': 'true' });
  bar.style.width = `${Math.round(share * 100)}%`;
  return make('td', { class: 'number' }, text, bar);
}

function stepRow([step, ...figures]) {
  return make('tr', {}, make('th', { scope: 'row' }, step), ...figures.map(cell));
}

/** One row a step, one column a kind of latency: it fits a phone as well. */
export function drawLatency({ metrics }) {
  const rows = latencyRows(metrics);
  showTable('latency', rows.length === 0);
  syncRows(byId('latency-head'), [rows.map(({ label, basis }) => ({ label, basis }))], headRow);
  syncRows(byId('latency-rows'), STEPS.map((step, i) => [step, ...rows.map(({ steps }) => steps[i])]), stepRow);
}
