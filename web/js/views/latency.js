import { STEPS } from '../models/latency.js';
import { byId, make, syncRows } from './dom.js';

function headRow(columns) {
  return make('tr', {}, make('td'), ...columns.map(({ label, basis }) =>
    make('th', { scope: 'col', class: 'number' },
      label, make('br'), make('span', { class: 'quiet' }, basis))));
}

function stepRow([step, ...figures]) {
  return make('tr', {}, make('th', { scope: 'row' }, step),
    ...figures.map((figure) => make('td', { class: 'number' }, figure)));
}

/** One row a step, one column a kind of latency: it fits a phone as well. */
export function drawLatency(rows) {
  byId('latency-scroll').hidden = rows.length === 0;
  byId('latency-empty').hidden = rows.length > 0;
  syncRows(byId('latency-head'), [rows.map(({ label, basis }) => ({ label, basis }))], headRow);
  syncRows(byId('latency-rows'), STEPS.map((step, i) => [step, ...rows.map(({ steps }) => steps[i])]), stepRow);
}
