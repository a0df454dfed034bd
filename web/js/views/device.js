import { clock, count } from '../format.js';
import { deviceName, outcomeName } from '../models/grid.js';
import { stateOf } from '../models/states.js';
import { t } from '../words.js';
import { byId, make, setText, syncRows } from './dom.js';
import { stateLabel } from './states.js';

function step({ t: at, state, stage, bucket, detail }) {
  return make('li', {}, make('span', { class: 'when' }, clock(at)), stateLabel(state),
    make('span', { class: 'detail', dir: 'auto' }, [bucket && (stage ? `${bucket} ${t('at {stage}', { stage })}` : bucket), detail].filter(Boolean).join(': ')));
}

/** One burst of the device: a bar by its outcome, in shape and colour. */
function outcome([k, letter]) {
  const bar = make('span', { title: `${t('Burst {k}', { k })}: ${outcomeName(letter)}` });
  bar.dataset.outcome = letter;
  return bar;
}

/** The parts of the device's box, empty. */
function parts(close) {
  const button = make('button', { class: 'quiet-button', id: 'device-close', 'aria-label': t('Close') }, '✕');
  button.addEventListener('click', close);
  return [
    make('div', { class: 'card-head' }, make('h3', { id: 'device-name', dir: 'auto' }),
      make('span', { id: 'device-state', 'aria-live': 'polite' }), button),
    make('div', { id: 'device-outcomes' }, make('p', { class: 'quiet small', id: 'device-outcomes-text' }),
      make('div', { class: 'bars', id: 'device-bars', 'aria-hidden': 'true' })),
    make('p', { class: 'quiet small', id: 'device-empty' }),
    make('ol', { class: 'history', id: 'device-history' }),
  ];
}

/** The history of one device, next to the grid. */
export function createDeviceView({ close }) {
  byId('device').append(...parts(close));
  return (snapshot, index) => {
    const { device, states, choice } = snapshot;
    byId('device').hidden = choice.device === '';
    if (choice.device === '') return;
    setText(byId('device-name'), index === null ? choice.device : deviceName(snapshot, index));
    const letter = index === null ? '' : states.letters[index];
    syncRows(byId('device-state'), index === null ? [] : [stateOf(letter).name], stateLabel);
    const isHere = device && device.index === index;
    const history = isHere ? device.history ?? [] : [];
    byId('device-empty').hidden = history.length > 0;
    setText(byId('device-empty'), index === null ? t('This run has no such device.')
      : t('Nothing has happened to it that the run’s events tell.'));
    syncRows(byId('device-history'), [...history].reverse(), step);
    const letters = isHere ? device.bursts?.outcomes ?? '' : '';
    byId('device-outcomes').hidden = letters === '';
    const counts = [...new Set(letters)].map((each) =>
      `${outcomeName(each)} ${count([...letters].filter((other) => other === each).length)}`);
    setText(byId('device-outcomes-text'), t('Last {n} bursts: {counts}', { n: letters.length, counts: counts.join(', ') }));
    syncRows(byId('device-bars'), [...letters].map((each, i) => [device.bursts.k[i], each]), outcome);
  };
}
