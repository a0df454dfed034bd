import { count, millisecondsText, timeOfDay } from '../format.js';
import {
  LATENCY_LINES, SPREAD_LINES, burstData, burstFacts, burstSummary, chosenBurst, faultsOf,
} from '../models/bursts.js';
import { t } from '../words.js';
import { createChart } from './chart.js';
import { byId, pair, setText, syncRows } from './dom.js';

const words = (lines) => lines.map((line) => ({ ...line, label: t(line.label) }));

/** Draws how tight the bursts were and what they cost the server, and one of them in full. */
export function createBurstsView(onChoose) {
  let shown = null;
  const pick = (index) => onChoose(String(shown.bursts.rows[index]?.k ?? ''));
  const options = { formatY: millisecondsText, hasPoints: true, onPick: pick };
  const spread = createChart({ id: 'bursts-chart', lines: words(SPREAD_LINES), ...options });
  const latency = createChart({ id: 'course-chart', lines: words(LATENCY_LINES), ...options });
  for (const [id, side] of [['burst-before', 'before'], ['burst-after', 'after']]) {
    byId(id).addEventListener('click', () => {
      const to = chosenBurst(shown.bursts, shown.choice.burst)?.[side];
      if (to !== null && to !== undefined) onChoose(String(to));
    });
  }
  byId('burst-last').addEventListener('click', () => onChoose(''));

  function drawOne(bursts, wanted, startedAt) {
    const chosen = chosenBurst(bursts, wanted);
    byId('burst').hidden = !chosen;
    const at = chosen?.isChosen ? chosen.burst.due - startedAt : null;
    spread.select(at);
    latency.select(at);
    if (!chosen) return;
    const { burst, isChosen, before, after } = chosen;
    byId('burst-before').disabled = before === null;
    byId('burst-after').disabled = after === null;
    byId('burst-last').hidden = !isChosen;
    const marks = burst.marks.map((mark) => (mark === 'warmup' ? t(mark) : `▲ ${t(mark)}`)).join(' · ');
    setText(byId('burst-title'), isChosen ? t('Burst {k}', { k: count(burst.k) }) : t('Burst {k}, the last one', { k: count(burst.k) }));
    setText(byId('burst-when'), [timeOfDay(burst.due), marks].filter(Boolean).join(' · '));
    byId('burst-when').dataset.tone = faultsOf(burst.marks).length ? 'warn' : '';
    syncRows(byId('burst-facts'), burstFacts(burst), pair);
  }

  function drawCharts({ bursts, metrics }) {
    const data = burstData(bursts, metrics?.started_at, SPREAD_LINES);
    byId('bursts-empty').hidden = data !== null;
    const summary = burstSummary(bursts);
    setText(byId('bursts-count'), summary);
    setText(byId('bursts-caption'), data ? t('Spread and acknowledgement time of {bursts}.', { bursts: summary }) : t('No burst yet.'));
    setText(byId('course-caption'), data ? t('Latency from due of {bursts}.', { bursts: summary }) : t('No burst yet.'));
    byId('course').hidden = data === null;
    if (!data) {
      spread.clear();
      latency.clear();
      return;
    }
    spread.show(data);
    latency.show(burstData(bursts, metrics.started_at, LATENCY_LINES));
  }

  return (snapshot) => {
    const { bursts, metrics, choice } = snapshot;
    const isSame = shown?.bursts === bursts && shown.metrics?.started_at === metrics?.started_at;
    const isSameRun = shown?.bursts?.runId === bursts?.runId;
    if (!isSameRun) {
      spread.clear();
      latency.clear();
    }
    if (!isSame) drawCharts(snapshot);
    if (!isSame || shown.choice.burst !== choice.burst) drawOne(bursts, choice.burst, metrics?.started_at);
    shown = snapshot;
  };
}
