import { layoutGrid } from '../models/grid.js';
import { STATES } from '../models/states.js';
import { byId, cssColor } from './dom.js';

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

/**
 * The picture of the device grid, on the canvas of its card. A cell is a device's index; `states`
 * is a snapshot's.
 */
export function createCells() {
  const box = byId('grid-box');
  const canvas = byId('grid-canvas');
  const ctx = canvas.getContext('2d', { alpha: false });
  let layout = null; // null: the card has no width yet
  let colors = null;

  /** The upper left corner of a cell. */
  const place = (index) => ({
    x: (index % layout.columns) * layout.size, y: Math.floor(index / layout.columns) * layout.size,
  });

  function readColors() {
    colors = { ground: cssColor('--surface'), faint: cssColor('--line') };
    for (const { letter, color } of STATES) colors[letter] = cssColor(letter === 'c' ? '--cell-good' : color);
  }

  function drawOne(index, letter, isFaint) {
    const { x, y } = place(index);
    const side = layout.size - layout.gap;
    ctx.fillStyle = colors.ground;
    ctx.fillRect(x, y, layout.size, layout.size);
    if (isFaint) {
      ctx.fillStyle = colors.faint;
      ctx.fillRect(x, y, side, side);
    } else {
      drawCell(ctx, letter, x, y, side, colors);
    }
  }

  function fit(count) {
    const { width } = box.getBoundingClientRect();
    if (width === 0) return;
    layout = layoutGrid(count, width, width < 600 ? 720 : 520);
    const height = layout.rows * layout.size;
    canvas.width = Math.round(layout.columns * layout.size * devicePixelRatio);
    canvas.height = Math.round(height * devicePixelRatio);
    canvas.style.width = `${layout.columns * layout.size}px`;
    canvas.style.height = `${height}px`;
    ctx.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  }

  return {
    /** All of them, in the theme and the width of now. @param {(index: number) => boolean} isFaint */
    draw({ count, letters }, isFaint) {
      readColors();
      fit(count);
      if (!layout) return;
      ctx.fillStyle = colors.ground;
      ctx.fillRect(0, 0, canvas.width, canvas.height);
      for (let i = 0; i < count; ++i) drawOne(i, letters[i], isFaint(i));
    },

    /** Only what has changed. @returns {boolean} false: nothing is drawn yet */
    drawChanged({ changed, letters }, isFaint) {
      if (!changed || !layout) return false;
      changed.forEach((index) => drawOne(index, letters[index], isFaint(index)));
      return true;
    },

    /** The cell under a pointer, null beside them. */
    indexAt({ offsetX, offsetY }, count) {
      if (!layout) return null;
      const column = Math.floor(offsetX / layout.size);
      const index = Math.floor(offsetY / layout.size) * layout.columns + column;
      return column < layout.columns && index >= 0 && index < count ? index : null;
    },

    /** Puts a frame around a cell: an element of its own, for it lies over the neighbours. */
    frame(element, index) {
      element.hidden = index === null || !layout;
      if (element.hidden) return;
      const { x, y } = place(index);
      const side = `${layout.size + 4 - layout.gap}px`;
      Object.assign(element.style, { left: `${x - 2}px`, top: `${y - 2}px`, width: side, height: side });
    },

    /** Puts a note under a cell, within the card. */
    annotate(element, index) {
      const { x, y } = place(index);
      const room = box.clientWidth - element.offsetWidth;
      element.style.left = `${Math.max(0, Math.min(x, room))}px`;
      element.style.top = `${y + layout.size + 4}px`;
    },

    /** How far a key moves: 0 for another key. */
    step(key) {
      return { ArrowRight: 1, ArrowLeft: -1, ArrowDown: layout?.columns, ArrowUp: -layout?.columns }[key] ?? 0;
    },
  };
}
