import { byId, cssValue, make, makeSvg, setText } from './dom.js';

/* global uPlot */

/** The line's sample in a legend: the same colour and the same dashes as in the chart. */
function sample({ color, dash }) {
  return makeSvg('svg', { 'aria-hidden': 'true' }, makeSvg('line', {
    x1: 0, y1: 4, x2: 24, y2: 4, stroke: `var(${color})`, 'stroke-dasharray': dash.join(' '),
  }));
}

const MARK_SPACE = 20; // above the plot, for the words of its marks

/** Vertical marks; their words stand above the plot, where no line runs through them. */
function drawMarks(plot, marks) {
  const { ctx, bbox } = plot;
  const pixel = devicePixelRatio;
  ctx.save();
  ctx.lineWidth = pixel;
  ctx.setLineDash([]);
  ctx.fillStyle = cssValue('--text-quiet');
  ctx.font = `${12 * pixel}px ${cssValue('--font')}`;
  let free = -Infinity; // where the next word would not cover the last one
  for (const { at, label, before, color } of marks) {
    const x = plot.valToPos(at, 'x', true);
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.strokeStyle = cssValue(color);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top - 4 * pixel);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    const width = ctx.measureText(label).width;
    const left = before ? x - width : x;
    if (left < free) continue;
    ctx.textAlign = 'left';
    ctx.fillText(label, left, bbox.top - 8 * pixel);
    free = left + width + 8 * pixel;
  }
  ctx.restore();
}

/**
 * A line chart over columns of numbers, with a legend that shows the values under the cursor.
 *
 * @param {object} options
 * @param {string} options.id  of the chart's element; its legend is `${id}-legend`
 * @param {Array<{ label: string, color: string, dash: number[], width: number }>} options.lines
 * @param {(x: number) => string} options.formatX  for the axis
 * @param {(y: number) => string} options.formatY  for axis and legend
 * @param {boolean} [options.wholeY]  the values are counts: no ticks between whole numbers
 */
export function createChart({ id, lines, formatX, formatY, wholeY = false }) {
  const box = byId(id);
  const values = lines.map((line) => {
    const value = make('span', { class: 'value' });
    byId(`${id}-legend`).append(make('li', {}, sample(line), line.label, value));
    return value;
  });
  let plot = null;
  let marks = [];

  /** The values under the cursor, else the last ones. */
  function showLegend({ cursor, data }) {
    const at = cursor.idx ?? data[0].length - 1;
    values.forEach((value, i) => setText(value, formatY(data[i + 1][at])));
  }

  function options() {
    const axis = {
      stroke: cssValue('--text-quiet'),
      font: `12px ${cssValue('--font')}`,
      grid: { stroke: cssValue('--line'), width: 1 },
      ticks: { show: false },
    };
    const yText = (y) => (wholeY && !Number.isInteger(y) ? '' : formatY(y));
    return {
      width: box.clientWidth,
      height: box.clientHeight,
      legend: { show: false },
      padding: [MARK_SPACE, 16, 0, 0],
      cursor: { y: false, points: { size: 6 } },
      scales: { x: { time: false }, y: { range: (_, low, high) => [0, (high || 1) * 1.05] } },
      axes: [
        { ...axis, values: (_, ticks) => ticks.map(formatX), size: 32 },
        { ...axis, values: (_, ticks) => ticks.map(yText), size: 56 },
      ],
      series: [{}, ...lines.map(({ label, color, dash, width }) => ({
        label, width, dash, stroke: cssValue(color), points: { show: false },
      }))],
      hooks: { draw: [(self) => drawMarks(self, marks)], setCursor: [showLegend] },
    };
  }

  function clear() {
    plot?.destroy();
    plot = null;
    for (const value of values) setText(value, '');
  }

  function isZoomed() {
    const times = plot.data[0];
    return plot.scales.x.min > times[0] || plot.scales.x.max < times.at(-1);
  }

  function draw(data) {
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

  new ResizeObserver(() => {
    plot?.setSize({ width: box.clientWidth, height: box.clientHeight });
  }).observe(box);

  // The chart's colours are drawn, not styled: another scheme means another drawing.
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    const data = plot?.data;
    if (!data) return;
    clear();
    draw(data);
  });

  return {
    /** @param {Array<Array<number | null>>} data  x values, then a column a line */
    show(data, newMarks = []) {
      marks = newMarks;
      draw(data);
    },
    clear,
  };
}
