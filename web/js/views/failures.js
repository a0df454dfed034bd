import { count } from '../format.js';
import { byId, make, setText, syncRows } from './dom.js';

function row({ count: times, share, bucket, stage, detail }) {
  const bar = make('span', { class: 'share', 'aria-hidden': 'true' });
  bar.style.width = `${Math.max(2, share * 100)}%`;
  return make('tr', {},
    make('td', { class: 'number' }, count(times), bar),
    make('th', { scope: 'row' }, bucket, ...(stage ? [' ', make('span', { class: 'quiet' }, `at ${stage}`)] : [])),
    make('td', { class: 'detail' }, make('div', { class: 'clamp', dir: 'auto', title: detail }, detail)));
}

export function drawFailures(rows, emptyText) {
  const total = rows.reduce((sum, each) => sum + each.count, 0);
  byId('failures-scroll').hidden = rows.length === 0;
  byId('failures-empty').hidden = rows.length > 0;
  setText(byId('failures-empty'), emptyText);
  setText(byId('failures-count'), rows.length ? `${count(total)} in all` : '');
  syncRows(byId('failures-rows'), rows, row);
}
