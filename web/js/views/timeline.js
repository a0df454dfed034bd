import { clock, count } from '../format.js';
import { LINES, chartData, collapseMarks } from '../models/timeline.js';
import { byId, cssValue, make, makeSvg, setText } from './dom.js';

/* global uPlot */

/** Draws the chart of the whole run, its legend, and the same in words. */
export function createTimelineView() {
  const box = byId('timeline-chart');
  const legend = new Map();
  let chart = null;
  let marks = [];
  let drawn = null;

  for (const line of LINES) {
    const value = make('span', { class: 'value' });
    const sample = makeSvg('svg', { 'aria-hidden': 'true' }, makeSvg('line', {
      x1: 0, y1: 4, x2: 24, y2: 4, stroke: `var(${line.color})`,
      'stroke-dasharray': line.dash.join(' '),
    }));
    legend.set(line.name, value);
    byId('timeline-legend').append(make('li', {}, sample, line.label, value));
  }

  function drawMarks(plot) {
    const { ctx } = plot;
    ctx.save();
    ctx.strokeStyle = cssValue('--bad');
    ctx.fillStyle = cssValue('--text-quiet');
    ctx.font = `${12 * devicePixelRatio}px ${cssValue('--font')}`;
    for (const { at, label, before } of marks) {
      const x = plot.valToPos(at, 'x', true);
      if (x < plot.bbox.left || x > plot.bbox.left + plot.bbox.width) continue;
      ctx.beginPath();
      ctx.moveTo(x, plot.bbox.top);
      ctx.lineTo(x, plot.bbox.top + plot.bbox.height);
      ctx.stroke();
      // On the side where time with that state is not: two marks close together stay readable.
      ctx.textAlign = before ? 'right' : 'left';
      ctx.fillText(label, x + (before ? -4 : 4) * devicePixelRatio, plot.bbox.top + 12 * devicePixelRatio);
    }
    ctx.restore();
  }

  function options() {
    const axis = {
      stroke: cssValue('--text-quiet'),
      font: `12px ${cssValue('--font')}`,
      grid: { stroke: cssValue('--line'), width: 1 },
      ticks: { show: false },
    };
    return {
      width: box.clientWidth,
      height: box.clientHeight,
      legend: { show: false },
      cursor: { y: false, points: { size: 6 } },
      scales: {
        x: { time: false },
        y: { range: (_, low, high) => [0, Math.max(1, high) * 1.05] },
      },
      axes: [
        { ...axis, values: (_, ticks) => ticks.map(clock), size: 32 },
        { ...axis, values: (_, ticks) => ticks.map((n) => (Number.isInteger(n) ? count(n) : '')), size: 48 },
      ],
      series: [
        {},
        ...LINES.map(({ label, color, dash, width }) => ({
          label, width, dash, stroke: cssValue(color), points: { show: false },
        })),
      ],
      hooks: { draw: [drawMarks], setCursor: [showLegend] },
    };
  }

  /** The values under the cursor, else the last ones. */
  function showLegend(plot) {
    const at = plot.cursor.idx ?? plot.data[0].length - 1;
    LINES.forEach(({ name }, i) => setText(legend.get(name), count(plot.data[i + 1][at])));
  }

  function clear() {
    chart?.destroy();
    chart = null;
    drawn = null;
    for (const value of legend.values()) setText(value, '');
  }

  function isZoomed(plot) {
    const times = plot.data[0];
    return plot.scales.x.min > times[0] || plot.scales.x.max < times.at(-1);
  }

  function draw(data) {
    if (!chart) {
      chart = new uPlot(options(), data, box);
    } else {
      // A reader who has zoomed in keeps the stretch under view while rows are added behind it.
      chart.setData(data, !isZoomed(chart));
      if (isZoomed(chart)) chart.redraw();
    }
    showLegend(chart);
  }

  function describe(data) {
    const last = data[0].length - 1;
    const parts = LINES.map(({ label }, i) => `${label.toLowerCase()} ${count(data[i + 1][last])}`);
    setText(byId('timeline-caption'),
      `Devices over ${clock(data[0][last])}; at the end: ${parts.join(', ')}.`);
  }

  new ResizeObserver(() => {
    chart?.setSize({ width: box.clientWidth, height: box.clientHeight });
  }).observe(box);

  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    const data = chart?.data;
    if (!data) return;
    clear();
    draw(data);
  });

  return ({ timeline, metrics, chosenRun }) => {
    const data = chartData(timeline);
    byId('timeline-empty').hidden = data !== null;
    if (!data) {
      clear();
      setText(byId('timeline-caption'), 'No timeline yet.');
      return;
    }
    if (drawn === timeline) return;
    if (drawn && drawn.runId !== timeline.runId) clear();
    marks = chosenRun && chosenRun !== metrics?.run_id ? [] : collapseMarks(metrics);
    draw(data);
    describe(data);
    drawn = timeline;
  };
}
