import { count } from '../format.js';
import { deviceName, findDevices } from '../models/grid.js';
import { STATES, countStates, stateOf } from '../models/states.js';
import { deviceIndex } from '../store.js';
import { t } from '../words.js';
import { cardHead, countBeside, emptyNote, fillCard, searchBeside } from './card.js';
import { createCells } from './cells.js';
import { createDeviceView } from './device.js';
import { byId, make, onTheme, setText } from './dom.js';
import { stateLabel } from './states.js';

/** The card's parts, empty. */
function parts() {
  return [
    cardHead('grid', t('Every device'), countBeside('grid-found'), searchBeside('grid-search', t('Find a device'))),
    emptyNote('grid', t('Each device is a cell here once a run has begun.')),
    make('div', { class: 'grid-and-device', id: 'grid-body', hidden: '' },
      make('div', {}, make('div', { class: 'chips', id: 'grid-legend', role: 'group', 'aria-label': t('Show one state alone') }),
        make('div', { class: 'grid-box', id: 'grid-box' },
          make('canvas', { id: 'grid-canvas', tabindex: '0', role: 'application', 'aria-roledescription': t('device grid') }),
          make('span', { id: 'grid-frame', hidden: '' }), make('span', { id: 'grid-tip', hidden: '' }))),
      make('aside', { class: 'inset', id: 'device', 'aria-labelledby': 'device-name', hidden: '' })),
  ];
}

/** The legend's buttons: how many devices are in each state; one pressed shows that state alone. */
function createLegend(onChange) {
  let only = '';
  const chips = STATES.map(({ letter, name, label }) => {
    const value = make('span', { class: 'value' });
    const button = make('button', { class: 'chip', 'aria-pressed': 'false', 'data-letter': letter }, stateLabel(name), value);
    button.querySelector('.state').lastChild.textContent = t(label);
    button.addEventListener('click', () => {
      only = only === letter ? '' : letter;
      for (const chip of chips) chip.button.setAttribute('aria-pressed', String(chip.letter === only));
      onChange();
    });
    return { letter, button, value };
  });
  byId('grid-legend').append(...chips.map(({ button }) => button));
  return {
    hides: (letter) => only !== '' && letter !== only,
    show(counts) { for (const { letter, value } of chips) setText(value, count(counts[letter])); },
  };
}

/** One cell a device, up to some tens of thousands, on a canvas: only cells that changed are drawn. */
export function createGridView({ choose }) {
  fillCard('grid', ...parts());
  const canvas = byId('grid-canvas');
  const tip = byId('grid-tip');
  const cells = createCells();
  const legend = createLegend(redraw);
  const drawDevice = createDeviceView({ close: () => choose('') });
  let last = null; // the snapshot on show
  let found = new Set();
  let selected = null;

  const isFaint = (index) => legend.hides(last.states.letters[index]) || (found.size > 0 && !found.has(index));
  const frameSelected = () => cells.frame(byId('grid-frame'), selected);
  const pick = (index) => choose(deviceName(last, index));
  const indexAt = (event) => (last?.states ? cells.indexAt(event, last.states.count) : null);

  function redraw() {
    if (!last?.states) return;
    cells.draw(last.states, isFaint);
    frameSelected();
  }

  function showTip(index) {
    tip.hidden = index === null;
    if (index === null) return;
    setText(tip, `${deviceName(last, index)} · ${t(stateOf(last.states.letters[index]).label)}`);
    cells.annotate(tip, index);
  }

  canvas.addEventListener('pointermove', (event) => showTip(indexAt(event)));
  canvas.addEventListener('pointerleave', () => showTip(null));
  canvas.addEventListener('click', (event) => {
    const index = indexAt(event);
    if (index !== null) pick(index);
  });
  canvas.addEventListener('keydown', (event) => {
    const step = cells.step(event.key);
    if (!step || !last?.states) return;
    event.preventDefault();
    pick(Math.max(0, Math.min(last.states.count - 1, (selected ?? -Math.max(step, 0)) + step)));
  });
  byId('grid-search').addEventListener('input', ({ target }) => {
    found = new Set(last?.states ? findDevices(last, target.value) : []);
    setText(byId('grid-found'), target.value === '' ? '' : t('{n} found', { n: count(found.size) }));
    redraw();
  });
  byId('grid-search').addEventListener('keydown', ({ key }) => {
    const [first] = found;
    if (key === 'Enter' && first !== undefined) pick(first);
  });
  let width = 0;
  new ResizeObserver(([{ contentRect }]) => {
    if (contentRect.width === width) return;
    width = contentRect.width;
    redraw();
  }).observe(byId('grid-box'));
  onTheme(redraw);

  function describe(states) {
    const counts = countStates(states.letters);
    legend.show(counts);
    canvas.setAttribute('aria-label', t('{n} devices: {counts}', {
      n: count(states.count), counts: STATES.map(({ letter, label }) => `${t(label).toLowerCase()} ${count(counts[letter])}`).join(', '),
    }));
  }

  return (snapshot) => {
    const { states } = snapshot;
    const chosen = deviceIndex(snapshot);
    drawDevice(snapshot, chosen);
    const isKnown = last?.states === states;
    last = snapshot;
    const hasDevices = states !== null && states.count > 0;
    byId('grid-body').hidden = !hasDevices;
    byId('grid-empty').hidden = hasDevices;
    if (!hasDevices) return;
    const moved = selected !== chosen;
    selected = chosen;
    if (!isKnown) {
      if (!cells.drawChanged(states, isFaint)) redraw();
      describe(states);
    }
    if (moved) frameSelected();
  };
}
