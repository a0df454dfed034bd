import { count } from '../format.js';
import { byId, make, makeSvg, setText, setTone, syncRows } from './dom.js';

// Shapes of the device states, in a square of 12.
const SHAPES = {
  connected: 'M6 1a5 5 0 1 0 0 10A5 5 0 0 0 6 1z',
  disconnected: 'M6 0 0 11h12z',
  failed: 'M2.4 1 1 2.4 4.6 6 1 9.6 2.4 11 6 7.4 9.6 11 11 9.6 7.4 6 11 2.4 9.6 1 6 4.6z',
};
const OTHER = 'M6 1a5 5 0 1 0 0 10A5 5 0 0 0 6 1zm0 2a3 3 0 1 1 0 6 3 3 0 0 1 0-6z';

function stateCell({ status, tone }) {
  const mark = makeSvg('svg', { viewBox: '0 0 12 12', 'aria-hidden': 'true' },
    makeSvg('path', { d: SHAPES[status] ?? OTHER }));
  const cell = make('span', { class: 'state' }, mark, status);
  setTone(cell, tone);
  return make('td', {}, cell);
}

function row(device) {
  return make('tr', {},
    make('th', { scope: 'row', class: 'name', dir: 'auto', title: device.name }, device.name),
    stateCell(device),
    make('td', { class: 'labelled', 'data-label': 'Incident', title: device.whenExact }, device.when),
    make('td', { class: 'labelled', 'data-label': 'Stage' }, device.stage),
    make('td', { class: 'labelled', 'data-label': 'Reason' }, device.reason),
    make('td', { class: 'detail' }, make('div', { class: 'clamp', dir: 'auto', title: device.detail }, device.detail)),
    make('td', { class: 'labelled', 'data-label': 'Last acknowledged', title: device.seenExact }, device.seenText));
}

export function drawDevices(rows, total, emptyText) {
  byId('devices-scroll').hidden = rows.length === 0;
  byId('devices-empty').hidden = rows.length > 0;
  setText(byId('devices-empty'), emptyText);
  setText(byId('devices-count'),
    rows.length === 0 ? '' : total > rows.length
      ? `the latest ${count(rows.length)} of ${count(total)} devices`
      : `${count(total)} ${total === 1 ? 'device' : 'devices'}`);
  syncRows(byId('devices-rows'), rows, row);
}
