import { dateTime } from '../format.js';
import { t } from '../words.js';
import { byId, make } from './dom.js';

/** The choice of the run on show. */
export function createRunChoice(choose) {
  const select = byId('run-choice');
  let listed = '';
  select.addEventListener('change', () => choose(select.value));

  return ({ runs, choice }) => {
    const key = runs.map((run) => run.run_id).join();
    select.parentElement.hidden = runs.length === 0;
    if (key !== listed) {
      listed = key;
      select.replaceChildren(make('option', { value: '' }, t('current')),
        ...runs.map((run) => make('option', { value: run.run_id }, dateTime(run.started_at))));
    }
    select.value = choice.run;
  };
}
