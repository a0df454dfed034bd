// What lies below the first screen is loaded when it is wanted, so that the first picture comes
// soon: when its card comes near, or with the reader's first move, so that a print has it too.

import { make } from './dom.js';

const moves = ['pointermove', 'pointerdown', 'keydown', 'scroll'];

const styles = new Map();

/** Loads a style sheet, once; resolves when it counts, or will never. */
export function loadStyle(href) {
  if (!styles.has(href)) {
    styles.set(href, new Promise((resolve) => {
      const link = make('link', { rel: 'stylesheet', href });
      link.addEventListener('load', resolve);
      link.addEventListener('error', resolve);
      document.head.append(link);
    }));
  }
  return styles.get(href);
}

/**
 * @param {Element} card
 * @param {() => Promise<(snapshot: object) => void>} load  brings the card's view
 * @returns {(snapshot: object) => void} draws it as soon as it is there
 */
export function whenWanted(card, load) {
  let draw = null;
  let last = null;
  const wanted = new AbortController();

  async function begin() {
    if (wanted.signal.aborted) return;
    wanted.abort();
    near.disconnect();
    draw = await load();
    if (last) draw(last);
  }

  const near = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && begin());
  for (const move of moves) addEventListener(move, begin, { signal: wanted.signal, passive: true });

  return (snapshot) => {
    // Only now do the cards above have their height.
    if (!last && !wanted.signal.aborted) requestAnimationFrame(() => near.observe(card));
    last = snapshot;
    draw?.(snapshot);
  };
}
