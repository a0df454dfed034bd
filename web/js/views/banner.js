import { thresholdRows, verdictOf } from '../models/banner.js';
import { byId, cssColor, make, onTheme, setText, setTone, syncRows } from './dom.js';

const TITLE = 'Telemetry Stress Kit';

function threshold({ sign, tone, word, text, actual }) {
  const item = make('li', {}, make('span', { class: 'sign', 'aria-hidden': 'true' }, sign), ' ',
    make('code', {}, text), ` ${word}${actual ? `: ${actual}` : ''}`);
  setTone(item, tone);
  return item;
}

/** Draws the banner, the window's title and its icon. */
export function createBannerView() {
  let icon = '';
  let last = null;

  function drawIcon(shape, tone) {
    const color = cssColor(tone === 'quiet' ? '--text-quiet' : `--${tone}`);
    const drawing =
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="${color}" d="${shape}"/></svg>`;
    if (drawing === icon) return;
    icon = drawing;
    byId('favicon').href = `data:image/svg+xml,${encodeURIComponent(drawing)}`;
  }
  onTheme(() => last && drawIcon(last.shape, last.tone));

  function drawVerdict(verdict) {
    byId('verdict').hidden = verdict === null;
    if (!verdict) return;
    setTone(byId('verdict'), verdict.tone);
    setText(byId('verdict-sign'), verdict.sign);
    setText(byId('verdict-word'), verdict.word);
    setText(byId('verdict-sentence'), verdict.sentence);
    setText(byId('first-trouble'), verdict.first ? `· ${verdict.first.name}` : '');
  }

  return (model, metrics) => {
    last = model;
    setTone(byId('banner'), model.tone);
    byId('banner-shape').setAttribute('d', model.shape);
    setText(byId('banner-word'), model.word);
    setText(byId('banner-message'), model.message);
    setText(byId('banner-advice'), model.advice);
    drawVerdict(verdictOf(metrics));
    const thresholds = thresholdRows(metrics);
    byId('thresholds').hidden = thresholds.length === 0;
    syncRows(byId('thresholds'), thresholds, threshold);
    drawIcon(model.shape, model.tone);
    document.title = `${model.word} – ${TITLE}`;
  };
}
