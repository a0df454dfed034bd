import { dateTime } from '../format.js';
import { make } from './dom.js';

/** The choice of the run whose timeline is on show. */
export function createRunChoice(select, onChoice) {
  let listed = '';
  select.addEventListener('change', () => onChoice(select.value));

  return ({ runs, state, chosenRun }) => {
    const earlier = runs.filter((run) => run.has_timeline && run.run_id !== state?.run_id);
    const key = earlier.map((run) => run.run_id).join();
    if (key === listed) return;
    listed = key;
    select.parentElement.hidden = earlier.length === 0;
    select.replaceChildren(
      make('option', { value: '' }, 'current'),
      ...earlier.map((run) => make('option', { value: run.run_id }, dateTime(run.started_at))),
    );
    select.value = chosenRun;
  };
}
