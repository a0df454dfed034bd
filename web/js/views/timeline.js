import { clock, count } from '../format.js';
import { LINES, chartData, collapseMarks } from '../models/timeline.js';
import { createChart } from './chart.js';
import { byId, setText } from './dom.js';

/** Draws the whole run as a chart, and says the same in words. */
export function createTimelineView() {
  const chart = createChart({
    id: 'timeline-chart', lines: LINES, formatX: clock, formatY: count, wholeY: true,
  });
  let drawn = null;

  function describe(data) {
    const last = data[0].length - 1;
    const parts = LINES.map(({ label }, i) => `${label.toLowerCase()} ${count(data[i + 1][last])}`);
    setText(byId('timeline-caption'),
      `Devices over ${clock(data[0][last])}; at the end: ${parts.join(', ')}.`);
  }

  return ({ timeline, metrics, chosenRun }) => {
    const data = chartData(timeline);
    byId('timeline-empty').hidden = data !== null;
    if (!data) {
      chart.clear();
      setText(byId('timeline-caption'), 'No timeline yet.');
      drawn = null;
      return;
    }
    if (drawn === timeline) return;
    if (drawn && drawn.runId !== timeline.runId) chart.clear();
    chart.show(data, chosenRun && chosenRun !== metrics?.run_id ? [] : collapseMarks(metrics));
    describe(data);
    drawn = timeline;
  };
}
