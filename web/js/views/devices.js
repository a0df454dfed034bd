import { count } from '../format.js';
import { incidentRows, incidentsEmpty } from '../models/devices.js';
import { t } from '../words.js';
import { cardHead, copyBeside, emptyNote, fillCard, searchBeside, tableIn } from './card.js';
import { byId, make, setText, showTable, syncRows } from './dom.js';
import { stateLabel } from './states.js';

const COLUMNS = [
  ['name', 'Device'], ['status', 'State'], ['last_failure', 'Incident'], ['last_stage', 'Stage'],
  ['failure_reason', 'Reason'], ['failure_detail', 'Detail'], ['last_seen', 'Last acknowledged'],
];

function row(device) {
  const name = make('button', { class: 'link name', dir: 'auto', title: device.name, 'data-device': device.name }, device.name);
  return make('tr', {},
    make('th', { scope: 'row' }, name),
    make('td', {}, stateLabel(device.status)),
    make('td', { class: 'labelled', 'data-label': t('Incident'), title: device.whenExact }, device.when),
    make('td', { class: 'labelled', 'data-label': t('Stage') }, device.stage),
    make('td', { class: 'labelled', 'data-label': t('Reason') }, device.reason),
    make('td', { class: 'detail' }, make('div', { class: 'clamp', dir: 'auto', title: device.detail }, device.detail)),
    make('td', { class: 'labelled', 'data-label': t('Last acknowledged'), title: device.seenExact }, device.seen));
}

/** The table of devices: searched and put in order by the server, 40 at a time. */
export function createDevicesView({ arrange, choose }) {
  const heads = COLUMNS.map(([key, label]) => {
    const button = make('button', { class: 'sort' }, t(label));
    button.addEventListener('click', () => {
      const isDown = last.table.sort === key ? last.table.order !== 'up' : key === 'last_failure' && !last.table.sort;
      arrange({ sort: key, order: isDown ? 'up' : 'down' });
    });
    return make('th', { scope: 'col' }, button);
  });
  let last = null;
  fillCard('devices',
    cardHead('devices', t('Latest incidents by device'), make('span', { class: 'count', id: 'devices-count' }),
      searchBeside('devices-search', t('Search the devices')), copyBeside('devices')),
    emptyNote('devices'), tableIn('devices', make('tr', {}, ...heads)));
  byId('devices-search').addEventListener('input', ({ target }) => arrange({ search: target.value.slice(0, 60) }));
  byId('devices-rows').addEventListener('click', ({ target }) => {
    if (target.dataset.device) choose(target.dataset.device);
  });

  return (snapshot) => {
    last = snapshot;
    const { incidents, table } = snapshot;
    heads.forEach((head, i) => {
      const isSorted = (table.sort || 'last_failure') === COLUMNS[i][0];
      head.setAttribute('aria-sort', !isSorted ? 'none' : table.order === 'up' ? 'ascending' : 'descending');
    });
    const rows = incidentRows(incidents);
    showTable('devices', rows.length === 0, incidentsEmpty(snapshot));
    const all = incidents?.matching ?? 0;
    setText(byId('devices-count'),
      rows.length === 0 ? '' : all > rows.length
        ? t('{n} of {all} devices', { n: count(rows.length), all: count(all) })
        : t(all === 1 ? '{n} device' : '{n} devices', { n: count(all) }));
    syncRows(byId('devices-rows'), rows, row);
  };
}
