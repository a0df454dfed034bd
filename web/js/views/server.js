import { measure, millisecondsText } from '../format.js';
import {
  AGE_LINES, MACHINE_LINES, courseData, freshnessFacts, lagOf, serverFacts, verificationModel,
} from '../models/server.js';
import { t } from '../words.js';
import { cardHead, copyBeside } from './card.js';
import { createChart } from './chart.js';
import { byId, make, pair, setText, setTone, syncRows } from './dom.js';

const words = (lines) => lines.map((line) => ({ ...line, label: t(line.label) }));

/** A card with a title, some facts and the course of a figure. */
function card(id, title, course, ...before) {
  return make('section', { class: 'card', id, 'aria-labelledby': `${id}-title`, hidden: '' },
    cardHead(id, title, make('span', { class: 'count', id: `${id}-count` }), copyBeside(id)),
    ...before, make('dl', { class: 'pairs', id: `${id}-facts` }),
    make('div', { id: `${id}-course`, hidden: '' }, make('ul', { class: 'legend', id: `${id}-chart-legend` }),
      make('figure', { class: 'chart lower' }, make('div', { id: `${id}-chart`, role: 'img', 'aria-label': course }))));
}

function verdict() {
  return make('p', { class: 'verdict', id: 'stored-verdict' }, make('span', { class: 'sign', id: 'stored-sign', 'aria-hidden': 'true' }),
    ' ', make('strong', { id: 'stored-word' }), ' ', make('span', { class: 'quiet', id: 'stored-note', lang: 'en' }));
}

/** A chart that is there only while it has something to show. */
function createCourse(id, lines, formatY) {
  const chart = createChart({ id: `${id}-chart`, lines: words(lines), formatY });
  let drawn = null;
  return (timeline) => {
    const data = courseData(timeline, lines);
    byId(`${id}-course`).hidden = data === null;
    if (!data) chart.clear();
    else if (drawn !== timeline) chart.show(data);
    drawn = timeline;
  };
}

/** What was stored, how late, and the server's own figures; hidden as long as a run has none. */
export function createServerView() {
  const box = byId('server-cards');
  box.append(
    card('stored', t('What the server stored'), t('Age of the newest stored message over the run'), verdict()),
    card('figures', t('The server’s own figures'), t('Processor and memory of the server over the run')));
  const drawAge = createCourse('stored', AGE_LINES, millisecondsText);
  const drawMachine = createCourse('figures', MACHINE_LINES, (share) => `${measure(share)} %`);

  function drawStored(metrics) {
    const verification = verificationModel(metrics);
    byId('stored-verdict').hidden = !verification;
    if (verification) {
      setTone(byId('stored-verdict'), verification.tone);
      setText(byId('stored-sign'), verification.sign);
      setText(byId('stored-word'), verification.word);
      setText(byId('stored-note'), verification.note);
    }
    const facts = [...verification?.facts ?? [], ...freshnessFacts(metrics)];
    syncRows(byId('stored-facts'), facts, pair);
    return facts.length > 0;
  }

  return ({ metrics, server }) => {
    // Shown before they are drawn: a chart takes its size from the page.
    const hasStored = drawStored(metrics) || courseData(server?.freshness, AGE_LINES) !== null;
    const facts = serverFacts(server);
    const hasFigures = facts.length > 0 || courseData(server?.machine, MACHINE_LINES) !== null;
    byId('stored').hidden = !hasStored;
    byId('figures').hidden = !hasFigures;
    box.classList.toggle('even', hasStored && hasFigures);
    box.hidden = !hasStored && !hasFigures;
    syncRows(byId('figures-facts'), facts, pair);
    const lag = lagOf(server);
    setText(byId('figures-count'), lag > 0 ? t('up to {time} old', { time: `${lag} s` }) : '');
    drawAge(server?.freshness ?? null);
    drawMachine(server?.machine ?? null);
  };
}
