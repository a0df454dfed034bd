import { dateTime } from '../format.js';
import { compareRuns, runRows } from '../models/runs.js';
import { t } from '../words.js';
import { cardHead, copyBeside, countBeside, emptyNote, fillCard, tableIn } from './card.js';
import { byId, make, setText, setTone, showTable, syncRows } from './dom.js';

function verdictCell({ verdict, sign, tone, sentence }) {
  const cell = make('td', { title: sentence }, sign ? `${sign} ` : '', verdict);
  cell.className = 'verdict-cell';
  setTone(cell, tone);
  return cell;
}

function row(run) {
  const pick = make('input', {
    type: 'checkbox', 'data-compare': run.id, 'aria-label': t('Compare {run}', { run: run.started }),
    ...(run.hasSummary ? {} : { disabled: '' }),
  });
  const show = make('a', { href: `#run=${run.id}`, title: run.id }, run.started);
  const report = run.hasReport
    ? make('a', { href: `/runs/${run.id}/report.html`, target: '_blank', rel: 'noopener' }, t('report'))
    : make('span', { class: 'quiet', title: t('make_report writes it') }, '–');
  return make('tr', run.isCurrent ? { 'aria-current': 'true' } : {},
    make('td', {}, pick), make('th', { scope: 'row' }, show), verdictCell(run),
    ...[run.length, run.devices, run.bursts, run.acknowledged, run.p99, run.spread].map((text) => make('td', { class: 'number' }, text)),
    make('td', {}, report));
}

function comparison({ label, a, b, difference }) {
  return make('tr', {}, make('th', { scope: 'row' }, label), make('td', { class: 'number' }, a),
    make('td', { class: 'number' }, b), make('td', {}, difference));
}

const HEAD = ['Compare', 'Started', 'Verdict', 'Length', 'Devices', 'Bursts', 'Acknowledged', 'Latency p99', 'Spread', 'Report'];

function headRow() {
  return make('tr', {}, ...HEAD.map((label, i) =>
    make('th', { scope: 'col', ...(i > 2 && i < 9 ? { class: 'number' } : {}) }, t(label))));
}

/** The table of two runs side by side, and the command that knows noise. */
function comparisonTable(box) {
  const of = (id) => make('th', { scope: 'col', class: 'number', id });
  box.append(
    make('table', { 'aria-label': t('Two runs side by side') },
      make('thead', {}, make('tr', {}, make('td'), of('compare-a'), of('compare-b'), make('th', { scope: 'col' }, t('second against first')))),
      make('tbody', { id: 'compare-rows' })),
    make('p', { class: 'quiet small' }, `${t('Whether a difference is more than noise says')} `, make('code', { id: 'compare-command' })));
}

/** The archived runs, and two of them side by side. */
export function createRunsView() {
  let compared = [];
  let last = null;
  fillCard('runs',
    cardHead('runs', t('Runs'), countBeside('runs-hint'), copyBeside('runs')),
    emptyNote('runs', t('No run has left an archive yet; run_telemetry makes one.')),
    tableIn('runs', headRow()), make('div', { class: 'inset', id: 'compare', hidden: '' }));
  comparisonTable(byId('compare'));
  byId('runs-rows').addEventListener('change', ({ target }) => {
    const id = target.dataset.compare;
    // The last two that were picked.
    compared = target.checked ? [...compared, id].slice(-2) : compared.filter((each) => each !== id);
    draw(last);
  });

  function drawComparison(runs) {
    const pair = compared.map((id) => runs.find((run) => run.run_id === id)).filter(Boolean)
      .sort((x, y) => x.started_at - y.started_at);
    byId('compare').hidden = pair.length < 2;
    setText(byId('runs-hint'), pair.length === 1 ? t('Pick a second run to compare.') : '');
    if (pair.length < 2) return;
    setText(byId('compare-a'), dateTime(pair[0].started_at));
    setText(byId('compare-b'), dateTime(pair[1].started_at));
    setText(byId('compare-command'), `make_report --compare ${pair[0].run_id} ${pair[1].run_id}`);
    syncRows(byId('compare-rows'), compareRuns(...pair), comparison);
  }

  function draw(snapshot) {
    last = snapshot;
    const rows = runRows(snapshot.runs, snapshot.runId);
    showTable('runs', rows.length === 0);
    syncRows(byId('runs-rows'), rows, row);
    for (const box of byId('runs-rows').querySelectorAll('input')) box.checked = compared.includes(box.dataset.compare);
    drawComparison(snapshot.runs);
  }
  return draw;
}
