import { clock } from '../format.js';
import { byId, cssColor, cssValue, make, makeSvg, onTheme, setText } from './dom.js';

/* global uPlot */

/** The line's sample in a legend: the same colour and the same dashes as in the chart. */
function sample({ color, dash }) {
  return makeSvg('svg', { 'aria-hidden': 'true' }, makeSvg('line', {
    x1: 0, y1: 4, x2: 16, y2: 4, stroke: `var(${color})`, 'stroke-dasharray': dash.join(' '),
  }));
}

const MARK_SPACE = 20; // above the plot, for the words and signs of its marks

// What may lie between two labels of the time axis, in seconds: steps of a clock, none below the
// second that a label can tell apart.
const TIME_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400];

/** Marks with a word are lines; marks with a sign are that sign above the plot. */
function drawMarks(plot, marks) {
  const { ctx, bbox } = plot;
  const pixel = devicePixelRatio;
  ctx.save();
  ctx.lineWidth = pixel;
  ctx.font = `${12 * pixel}px ${cssValue('--font')}`;
  let free = -Infinity; // where the next word would not cover the last one
  for (const { at, label, tick, before, color, dash = [] } of marks) {
    const x = plot.valToPos(at, 'x', true);
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.fillStyle = cssColor(tick ? color : '--text-quiet');
    ctx.textAlign = tick ? 'center' : 'left';
    if (tick) {
      ctx.font = `${9 * pixel}px ${cssValue('--font')}`;
      ctx.fillText(tick, x, bbox.top - 1 * pixel);
      continue;
    }
    ctx.strokeStyle = cssColor(color);
    ctx.setLineDash(dash.map((length) => length * pixel));
    ctx.beginPath();
    ctx.moveTo(x, bbox.top - 4 * pixel);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    const width = ctx.measureText(label).width;
    const wanted = before ? x - width - 4 * pixel : x + 4 * pixel;
    const left = Math.min(wanted, bbox.left + bbox.width - width);
    if (left < free) continue;
    ctx.fillText(label, left, bbox.top - 9 * pixel);
    free = left + width + 8 * pixel;
  }
  ctx.restore();
}

/**
 * A line chart over columns of numbers, with a legend that shows the values under the cursor.
 * Charts of one page share the cursor and, as all have seconds of the run below, the zoom.
 *
 * @param {object} options
 * @param {string} options.id  of the chart's element; its legend is `${id}-legend`
 * @param {Array<{ label: string, color: string, dash: number[], width: number }>} options.lines
 * @param {(y: number) => string} options.formatY  for axis and legend
 * @param {boolean} [options.wholeY]  the values are counts: no ticks between whole numbers
 * @param {boolean} [options.hasPoints]  each value is an event of its own: shown as a point
 * @param {(from: number, to: number) => void} [options.onZoom]  the reader has picked a stretch
 * @param {(index: number) => void} [options.onPick]  the reader has clicked on a value
 */
export function createChart({ id, lines, formatY, wholeY = false, hasPoints = false, onZoom, onPick }) {
  const box = byId(id);
  const values = lines.map((line) => {
    const value = make('span', { class: 'value' });
    byId(`${id}-legend`).append(make('li', {}, sample(line), line.label, value));
    return value;
  });
  let plot = null;
  let marks = [];
  let selected = null;
  let isSeen = true;
  let waiting = null; // data that came while nobody could see the chart

  /** The values under the cursor, else the last ones. */
  function showLegend({ cursor, data }) {
    const at = cursor.idx ?? data[0].length - 1;
    values.forEach((value, i) => setText(value, formatY(data[i + 1][at])));
  }

  function drawSelected({ ctx, bbox }) {
    if (selected === null) return;
    const x = plot.valToPos(selected, 'x', true);
    if (x < bbox.left || x > bbox.left + bbox.width) return;
    ctx.save();
    ctx.fillStyle = cssColor('--selection');
    ctx.fillRect(x - 3 * devicePixelRatio, bbox.top, 6 * devicePixelRatio, bbox.height);
    ctx.restore();
  }

  function options() {
    const quiet = cssColor('--text-quiet');
    const axis = {
      stroke: quiet,
      font: `12px ${cssValue('--font')}`,
      grid: { stroke: cssColor('--line'), width: 1 },
      ticks: { show: false },
    };
    const yText = (y) => (wholeY && !Number.isInteger(y) ? '' : formatY(y));
    return {
      width: box.clientWidth,
      height: box.clientHeight,
      legend: { show: false },
      padding: [MARK_SPACE, 16, 0, 0],
      cursor: {
        y: false, points: { size: 6 }, sync: { key: 'run', scales: ['x', null] },
        bind: { dblclick: (self, _, handler) => (event) => { handler(event); onZoom?.(null, null); return null; } },
      },
      scales: { x: { time: false }, y: { range: (_, low, high) => [0, (high || 1) * 1.05] } },
      axes: [
        { ...axis, values: (_, ticks) => ticks.map(clock), incrs: TIME_STEPS, size: 32 },
        { ...axis, values: (_, ticks) => ticks.map(yText), size: 56 },
      ],
      series: [{}, ...lines.map(({ label, color, dash, width }) => ({
        label, width, dash, stroke: cssColor(color),
        points: { show: hasPoints ? (self) => self.width / self.data[0].length > 12 : false, size: 5, fill: cssColor(color) },
      }))],
      hooks: {
        drawAxes: [drawSelected],
        draw: [(self) => drawMarks(self, marks)],
        setCursor: [showLegend],
        setSelect: [(self) => {
          const { left, width } = self.select;
          if (width > 0) onZoom?.(self.posToVal(left, 'x'), self.posToVal(left + width, 'x'));
        }],
        ready: [(self) => {
          if (!onPick) return;
          self.over.addEventListener('click', () => {
            if (self.cursor.idx !== null && self.select.width === 0) onPick(self.cursor.idx);
          });
        }],
      },
    };
  }

  function clear() {
    waiting = null;
    plot?.destroy();
    plot = null;
    for (const value of values) setText(value, '');
  }

  function isZoomed() {
    const times = plot.data[0];
    return plot.scales.x.min > times[0] || plot.scales.x.max < times.at(-1);
  }

  function draw(data) {
    waiting = null;
    if (!plot) {
      plot = new uPlot(options(), data, box);
    } else {
      // A reader who has zoomed in keeps the stretch under view while rows are added behind it.
      const zoomed = isZoomed();
      plot.setData(data, !zoomed);
      if (zoomed) plot.redraw();
    }
    showLegend(plot);
  }

  const catchUp = () => waiting && draw(waiting);
  addEventListener('beforeprint', catchUp);
  new IntersectionObserver(([entry]) => {
    isSeen = entry.isIntersecting;
    if (isSeen) catchUp();
  }).observe(box);

  new ResizeObserver(() => {
    plot?.setSize({ width: box.clientWidth, height: box.clientHeight });
  }).observe(box);

  onTheme(() => {
    const data = plot?.data;
    if (!data) return;
    clear();
    draw(data);
  });

  return {
    /** @param {Array<Array<number | null>>} data  x values, then a column a line */
    show(data, newMarks = []) {
      marks = newMarks;
      if (plot && !isSeen) waiting = data;
      else draw(data);
    },
    /** Marks the place of one value; null: none. */
    select(x) {
      if (x === selected) return;
      selected = x;
      plot?.redraw(false);
    },
    clear,
  };
}
