// What lies below the first screen is loaded when it is wanted, so that the first picture comes
// soon: when its card comes near, or with the reader's first move, so that a print has it too.

const moves = ['pointermove', 'pointerdown', 'keydown', 'scroll'];

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
