import { count } from '../format.js';
import { deviceName, findDevices, layoutGrid } from '../models/grid.js';
import { STATES, countStates, stateOf } from '../models/states.js';
import { deviceIndex } from '../store.js';
import { t } from '../words.js';
import { cardHead, countBeside, emptyNote, fillCard, searchBeside } from './card.js';
import { createDeviceView } from './device.js';
import { byId, cssColor, make, onTheme, setText } from './dom.js';
import { stateLabel } from './states.js';

/** Fills one cell: each state has a shape of its own, as far as its size allows. */
function drawCell(ctx, letter, x, y, side, colors) {
  ctx.fillStyle = colors[letter];
  if (letter === 'c') {
    ctx.fillRect(x, y, side, side);
  } else if (letter === 'f') { // a full cell with a bar across
    ctx.fillRect(x, y, side, side);
    ctx.fillStyle = colors.ground;
    if (side >= 5) ctx.fillRect(x + 1, y + Math.floor(side / 2), side - 2, Math.max(1, Math.floor(side / 6)));
  } else if (letter === 'd') { // half a cell
    ctx.beginPath();
    ctx.moveTo(x, y);
    ctx.lineTo(x + side, y + side);
    ctx.lineTo(x, y + side);
    ctx.fill();
  } else { // an outline
    ctx.fillRect(x, y, side, side);
    ctx.fillStyle = colors.ground;
    ctx.fillRect(x + 1, y + 1, side - 2, side - 2);
  }
}

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

/** One cell a device, up to some tens of thousands, on a canvas: only cells that changed are drawn. */
export function createGridView({ choose }) {
  fillCard('grid', ...parts());
  const canvas = byId('grid-canvas');
  const ctx = canvas.getContext('2d', { alpha: false });
  const tip = byId('grid-tip');
  const legend = STATES.map(({ letter, name, label }) => {
    const value = make('span', { class: 'value' });
    const button = make('button', { class: 'chip', 'aria-pressed': 'false', 'data-letter': letter }, stateLabel(name), value);
    button.querySelector('.state').lastChild.textContent = t(label);
    button.addEventListener('click', () => toggle(letter));
    return { letter, button, value };
  });
  byId('grid-legend').append(...legend.map(({ button }) => button));

  let last = null; // the snapshot on show
  let layout = null;
  let colors = null;
  let only = ''; // the state that the reader wants to see alone
  let found = new Set();
  let selected = null;

  function readColors() {
    colors = { ground: cssColor('--surface'), faint: cssColor('--line'), mark: cssColor('--text') };
    for (const { letter, color } of STATES) colors[letter] = cssColor(letter === 'c' ? '--cell-good' : color);
  }

  const place = (index) => ({
    x: (index % layout.columns) * layout.size, y: Math.floor(index / layout.columns) * layout.size,
  });

  function drawOne(index, letters) {
    const { x, y } = place(index);
    const side = layout.size - layout.gap;
    const letter = letters[index];
    const isFaint = (only !== '' && letter !== only) || (found.size > 0 && !found.has(index));
    ctx.fillStyle = colors.ground;
    ctx.fillRect(x, y, layout.size, layout.size);
    if (isFaint) {
      ctx.fillStyle = colors.faint;
      ctx.fillRect(x, y, side, side);
    } else {
      drawCell(ctx, letter, x, y, side, colors);
    }
  }

  /** The chosen device's frame lies over its neighbours, so it is an element of its own. */
  function drawSelected() {
    const frame = byId('grid-frame');
    frame.hidden = selected === null || !layout;
    if (frame.hidden) return;
    const { x, y } = place(selected);
    Object.assign(frame.style, { left: `${x - 2}px`, top: `${y - 2}px`, width: `${layout.size + 4 - layout.gap}px`, height: `${layout.size + 4 - layout.gap}px` });
  }

  function fit(states) {
    const { width } = byId('grid-box').getBoundingClientRect();
    if (width === 0) return;
    layout = layoutGrid(states.count, width, width < 600 ? 720 : 520);
    const height = layout.rows * layout.size;
    canvas.width = Math.round(layout.columns * layout.size * devicePixelRatio);
    canvas.height = Math.round(height * devicePixelRatio);
    canvas.style.width = `${layout.columns * layout.size}px`;
    canvas.style.height = `${height}px`;
    ctx.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  }

  function drawAll(states) {
    if (!colors) readColors();
    fit(states);
    if (!layout) return;
    ctx.fillStyle = colors.ground;
    ctx.fillRect(0, 0, canvas.width, canvas.height);
    for (let i = 0; i < states.count; ++i) drawOne(i, states.letters);
    drawSelected();
  }

  function redraw() {
    if (last?.states) drawAll(last.states);
  }

  function toggle(letter) {
    only = only === letter ? '' : letter;
    for (const each of legend) each.button.setAttribute('aria-pressed', String(each.letter === only));
    redraw();
  }

  function indexAt({ offsetX, offsetY }) {
    if (!layout || !last?.states) return null;
    const column = Math.floor(offsetX / layout.size);
    const index = Math.floor(offsetY / layout.size) * layout.columns + column;
    return column < layout.columns && index >= 0 && index < last.states.count ? index : null;
  }

  function showTip(index) {
    tip.hidden = index === null;
    if (index === null) return;
    const { x, y } = place(index);
    setText(tip, `${deviceName(last, index)} · ${t(stateOf(last.states.letters[index]).label)}`);
    const room = byId('grid-box').clientWidth - tip.offsetWidth;
    tip.style.left = `${Math.max(0, Math.min(x, room))}px`;
    tip.style.top = `${y + layout.size + 4}px`;
  }

  const pick = (index) => choose(deviceName(last, index));
  canvas.addEventListener('pointermove', (event) => showTip(indexAt(event)));
  canvas.addEventListener('pointerleave', () => showTip(null));
  canvas.addEventListener('click', (event) => {
    const index = indexAt(event);
    if (index !== null) pick(index);
  });
  canvas.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: layout?.columns, ArrowUp: -layout?.columns }[event.key];
    if (!step || !last?.states) return;
    event.preventDefault();
    const index = Math.max(0, Math.min(last.states.count - 1, (selected ?? -Math.max(step, 0)) + step));
    pick(index);
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
  onTheme(() => { readColors(); redraw(); });

  function describe(states) {
    const counts = countStates(states.letters);
    for (const { letter, value } of legend) setText(value, count(counts[letter]));
    canvas.setAttribute('aria-label', t('{n} devices: {counts}', {
      n: count(states.count), counts: STATES.map(({ letter, label }) => `${t(label).toLowerCase()} ${count(counts[letter])}`).join(', '),
    }));
  }

  const drawDevice = createDeviceView({ close: () => choose('') });

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
      if (states.changed && layout) states.changed.forEach((index) => drawOne(index, states.letters));
      else drawAll(states);
      describe(states);
    }
    if (moved) drawSelected();
  };
}
