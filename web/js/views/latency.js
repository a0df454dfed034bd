import { STEPS } from '../models/latency.js';
import { byId, make } from './dom.js';

/** One row a step, one column a kind of latency: it fits a phone as well. */
export function drawLatency(rows) {
  byId('latency-scroll').hidden = rows.length === 0;
  byId('latency-empty').hidden = rows.length > 0;
  byId('latency-head').replaceChildren(make('td'),
    ...rows.map(({ label, basis }) => make('th', { scope: 'col', class: 'number' },
      label, make('br'), make('span', { class: 'quiet' }, basis))));
  byId('latency-rows').replaceChildren(...STEPS.map((step, i) => make('tr', {},
    make('th', { scope: 'row' }, step),
    ...rows.map(({ steps }) => make('td', { class: 'number' }, steps[i])))));
}
