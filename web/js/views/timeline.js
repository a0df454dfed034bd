import { clock, count } from '../format.js';
import { LINES, chartData, timelineMarks } from '../models/timeline.js';
import { t } from '../words.js';
import { createChart } from './chart.js';
import { byId, setText } from './dom.js';

/** Draws the whole run as a chart, and says the same in words. */
export function createTimelineView(onDetail) {
  const chart = createChart({
    id: 'timeline-chart', lines: LINES.map((line) => ({ ...line, label: t(line.label) })),
    formatY: count, wholeY: true,
    onZoom(from, to) {
      setText(byId('timeline-hint'), from === null ? t('Drag to zoom') : t('Double-click to see the whole run'));
      if (from !== null) onDetail(from, to);
    },
  });
  let drawn = null;
  let drawnBursts = null;

  function describe(data) {
    const last = data[0].length - 1;
    const parts = LINES.map(({ label }, i) => `${t(label).toLowerCase()} ${count(data[i + 1][last])}`);
    setText(byId('timeline-caption'),
      t('Devices over {time}; at the end: {counts}.', { time: clock(data[0][last]), counts: parts.join(', ') }));
  }

  return ({ timeline, metrics, bursts }) => {
    const data = chartData(timeline);
    byId('timeline-empty').hidden = data !== null;
    byId('timeline-hint').hidden = data === null;
    if (!data) {
      chart.clear();
      setText(byId('timeline-caption'), t('No timeline yet.'));
      drawn = null;
      return;
    }
    if (drawn === timeline && drawnBursts === bursts) return;
    if (drawn && drawn.runId !== timeline.runId) chart.clear();
    chart.show(data, timelineMarks(metrics, bursts));
    describe(data);
    drawn = timeline;
    drawnBursts = bursts;
  };
}
