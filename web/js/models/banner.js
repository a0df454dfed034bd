// The banner: what state the run is in, as a word, a shape and a tone.

import { ago, isNumber } from '../format.js';

// One shape a state, so that colour is never the only sign. Drawn in a square of 24.
const SHAPES = {
  ring: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zm0 3a6 6 0 1 1 0 12 6 6 0 0 1 0-12z',
  play: 'M6 3.5v17L21 12z',
  half: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zm0 3v12a6 6 0 0 1 0-12z',
  square: 'M4 4h16v16H4z',
  triangle: 'M12 2 1 21.5h22zm-1.25 7h2.5v6h-2.5zm0 7.5h2.5V19h-2.5z',
  cross: 'M6.2 3 3 6.2 8.8 12 3 17.8 6.2 21l5.8-5.8 5.8 5.8 3.2-3.2-5.8-5.8L21 6.2 17.8 3 12 8.8z',
};

const STATES = {
  missing: { word: 'No figures yet', shape: SHAPES.ring, tone: 'quiet' },
  idle: { word: 'Idle', shape: SHAPES.ring, tone: 'quiet' },
  running: { word: 'Running', shape: SHAPES.play, tone: 'good' },
  stopping: { word: 'Stopping', shape: SHAPES.half, tone: 'accent' },
  stopped: { word: 'Stopped', shape: SHAPES.square, tone: 'accent' },
  stale: { word: 'Stale', shape: SHAPES.triangle, tone: 'warn' },
  broken: { word: 'Broken file', shape: SHAPES.cross, tone: 'bad' },
};

const LOADING = { word: 'Loading', shape: SHAPES.ring, tone: 'quiet', message: '', advice: '' };

/** @param {import('../store.js').Snapshot} snapshot */
export function bannerModel({ state, unreachable }) {
  if (unreachable) {
    return {
      word: 'Not reachable',
      shape: SHAPES.cross,
      tone: 'bad',
      message: state
        ? 'The dashboard’s server does not answer; the figures below are the last ones received.'
        : 'The dashboard’s server does not answer.',
      advice: 'Start run_dashboard again if it has ended. This page keeps trying.',
      age: '',
    };
  }
  if (!state) return { ...LOADING, age: '' };
  const look = STATES[state.state] ?? STATES.broken;
  const known = isNumber(state.updated_at) && state.updated_at > 0;
  return {
    ...look,
    message: state.message,
    advice: state.advice,
    age: known ? `updated ${ago(state.now - state.updated_at)}` : '',
  };
}

/** The generator's own fault, said where nobody overlooks it; empty when there is none. */
export function generatorNotice(metrics) {
  const generator = metrics?.generator;
  if (!generator?.was_bottleneck) return '';
  const parts = [
    [generator.late_bursts, 'late'],
    [generator.slow_bursts, 'slow'],
    [generator.missed_bursts, 'missed'],
  ].filter(([n]) => n > 0);
  const bursts = parts.length
    ? ` (bursts: ${parts.map(([n, word]) => `${n} ${word}`).join(', ')})`
    : '';
  return `This machine could not keep the pace${bursts}. Latencies and spread are then partly its own, not the server’s.`;
}
