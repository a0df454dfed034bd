import { count } from '../format.js';
import { causeRows, failureChoices, failureRows, failuresEmpty, filterFailures } from '../models/failures.js';
import { t } from '../words.js';
import { byId, make, setText, showTable, syncOptions, syncRows } from './dom.js';

function row({ count: times, share, bucket, stage, detail }) {
  const bar = make('span', { class: 'share', 'aria-hidden': 'true' });
  bar.style.width = `${Math.max(2, share * 100)}%`;
  return make('tr', {},
    make('td', { class: 'number' }, count(times), bar),
    make('th', { scope: 'row' }, bucket, ...(stage ? [' ', make('span', { class: 'quiet' }, t('at {stage}', { stage }))] : []),
      make('div', { class: 'detail clamp', dir: 'auto', title: detail }, detail)));
}

function cause([name, evidence, setting]) {
  return make('li', {}, make('strong', {}, `▲ ${name}`), ': ', make('span', { lang: 'en' }, `${evidence}. `, make('span', { class: 'quiet' }, setting)));
}

/** The failures of the run, those of one stage or bucket alone when the reader says so. */
export function createFailuresView() {
  let last = null;
  const selects = [byId('failures-stage'), byId('failures-bucket')];
  for (const select of selects) select.addEventListener('change', () => draw(last));

  function draw(snapshot) {
    last = snapshot;
    const all = failureRows(snapshot.metrics);
    const { stages, buckets } = failureChoices(all);
    syncOptions(selects[0], stages);
    syncOptions(selects[1], buckets);
    byId('failures-filter').hidden = all.length < 2;
    const rows = filterFailures(all, { stage: selects[0].value, bucket: selects[1].value });
    const total = rows.reduce((sum, each) => sum + each.count, 0);
    showTable('failures', rows.length === 0, failuresEmpty(snapshot));
    setText(byId('failures-count'), rows.length ? t('{n} in all', { n: count(total) }) : '');
    syncRows(byId('failures-rows'), rows, row);
    const causes = causeRows(snapshot.metrics);
    byId('causes-box').hidden = causes.length === 0;
    syncRows(byId('causes'), causes, cause);
  }
  return draw;
}
