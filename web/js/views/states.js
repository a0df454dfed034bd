import { t } from '../words.js';
import { make, makeSvg, setTone } from './dom.js';
import { TONES } from '../models/devices.js';

// Shapes of the device states, in a square of 12.
const SHAPES = {
  connected: 'M6 1a5 5 0 1 0 0 10A5 5 0 0 0 6 1z',
  disconnected: 'M6 0 0 11h12z',
  failed: 'M2.4 1 1 2.4 4.6 6 1 9.6 2.4 11 6 7.4 9.6 11 11 9.6 7.4 6 11 2.4 9.6 1 6 4.6z',
};
const OTHER = 'M6 1a5 5 0 1 0 0 10A5 5 0 0 0 6 1zm0 2a3 3 0 1 1 0 6 3 3 0 0 1 0-6z';

/** A device's state as a sign and a word in its colour. */
export function stateLabel(status) {
  const label = make('span', { class: 'state' },
    makeSvg('svg', { viewBox: '0 0 12 12', 'aria-hidden': 'true' }, makeSvg('path', { d: SHAPES[status] ?? OTHER })),
    t(status));
  setTone(label, TONES[status] ?? '');
  return label;
}
