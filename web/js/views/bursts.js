import { count, millisecondsText } from '../format.js';
import { LINES, burstData, burstMarks, burstSummary } from '../models/bursts.js';
import { createChart } from './chart.js';
import { byId, setText } from './dom.js';

export function createBurstsView() {
  const chart = createChart({
    id: 'bursts-chart', lines: LINES, formatX: (k) => (Number.isInteger(k) ? count(k) : ''),
    formatY: millisecondsText,
  });
  let drawn = null;

  return (metrics) => {
    if (drawn === metrics) return;
    drawn = metrics;
    const data = burstData(metrics);
    const summary = burstSummary(metrics);
    byId('bursts-empty').hidden = data !== null;
    setText(byId('bursts-count'), summary);
    setText(byId('bursts-caption'), data ? `Spread and acknowledgement time of ${summary}.` : 'No burst yet.');
    if (data) chart.show(data, burstMarks(metrics));
    else chart.clear();
  };
}
