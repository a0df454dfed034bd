import { byId, cssValue, setText, setTone } from './dom.js';

const TITLE = 'Telemetry Stress Kit';

/** Draws the banner, the window's title and its icon. */
export function createBannerView() {
  let icon = '';

  function drawIcon(shape, tone) {
    const color = cssValue(tone === 'quiet' ? '--text-quiet' : `--${tone}`);
    const drawing =
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="${color}" d="${shape}"/></svg>`;
    if (drawing === icon) return;
    icon = drawing;
    byId('favicon').href = `data:image/svg+xml,${encodeURIComponent(drawing)}`;
  }

  return ({ word, shape, tone, message, advice, age }, notice) => {
    setTone(byId('banner'), tone);
    byId('banner-shape').setAttribute('d', shape);
    setText(byId('banner-word'), word);
    setText(byId('banner-message'), message);
    setText(byId('banner-advice'), advice);
    setText(byId('banner-age'), age);
    byId('notice').hidden = notice === '';
    setText(byId('notice'), notice);
    drawIcon(shape, tone);
    document.title = `${word} – ${TITLE}`;
  };
}
