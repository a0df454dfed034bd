// The banner: what state the run is in, as a word, a shape and a tone; and what the run says about
// the server.

import { isNumber } from '../format.js';
import { t } from '../words.js';

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

/** @param {import('../store.js').Snapshot} snapshot */
export function bannerModel({ banner, unreachable }) {
  if (unreachable?.status) {
    return {
      word: t('Not reachable'),
      shape: SHAPES.cross,
      tone: 'bad',
      message: t('The dashboard’s server answers with an error: {problem}.', { problem: unreachable.message }),
      advice: t('This page keeps trying.'),
    };
  }
  if (unreachable) {
    return {
      word: t('Not reachable'),
      shape: SHAPES.cross,
      tone: 'bad',
      message: banner
        ? t('The dashboard’s server does not answer; the figures below are the last ones received.')
        : t('The dashboard’s server does not answer.'),
      advice: t('Start run_dashboard again if it has ended. This page keeps trying.'),
    };
  }
  if (!banner) return { word: t('Loading'), shape: SHAPES.ring, tone: 'quiet', message: '', advice: '' };
  const { word, ...look } = STATES[banner.state] ?? STATES.broken;
  const args = Object.fromEntries(Object.entries(banner.args ?? {}).map(([name, value]) => [name, t(value)]));
  return {
    ...look, word: t(word), message: t(banner.form ?? banner.message, args), advice: t(banner.advice ?? ''),
  };
}

const VERDICTS = {
  kept_up: { word: 'The server kept up', tone: 'good' },
  behind: { word: 'The server fell behind', tone: 'warn' },
  unanswered: { word: 'The server left messages unanswered', tone: 'warn' },
  refused: { word: 'The server refused or dropped devices', tone: 'bad' },
  collapsed: { word: 'The fleet collapsed', tone: 'bad' },
  not_stored: { word: 'The server lost what it had acknowledged', tone: 'bad' },
  generator: { word: 'The generator was the bottleneck', tone: 'warn' },
  nothing: { word: 'Nothing to say yet', tone: 'quiet' },
};

const SIGNS = { good: '✓', warn: '▲', bad: '✕', quiet: '○' };

/** The run's sentence without the words that stand before it anyway. */
function restOf(sentence, word) {
  const text = String(sentence ?? '');
  const begins = text.toLowerCase().startsWith(word.toLowerCase());
  return begins ? text.slice(word.length).replace(/^[:,\s]+/, '') : text;
}

/** @returns {{ word: string, tone: string, sign: string, sentence: string } | null} */
export function verdictModel(verdict) {
  const known = VERDICTS[verdict?.kind];
  return known
    ? { word: t(known.word), tone: known.tone, sign: SIGNS[known.tone], sentence: restOf(verdict.sentence, known.word) }
    : null;
}

const SIDES = {
  generator: 'the generator', connection: 'connecting', transport: 'the server’s transport', queue: 'its queue',
  rule_engine: 'its rule engine', database: 'its database',
};

/** What gave way first, and how that is known; null: nothing, or what the verdict says anyway. */
export function firstTrouble(metrics) {
  const { side, from_burst: k, evidence } = metrics?.broke_first ?? {};
  if (!Object.hasOwn(SIDES, side) || side === metrics.verdict?.kind) return null;
  const args = { side: t(SIDES[side]), k };
  return { name: isNumber(k) ? t('first: {side}, from burst {k}', args) : t('first: {side}', args), evidence: String(evidence ?? ''), setting: '' };
}

/** The run's verdict and what broke first. */
export function verdictOf(metrics) {
  const said = metrics?.status === 'idle' ? null : verdictModel(metrics?.verdict);
  return said && { ...said, first: firstTrouble(metrics) };
}

const PASSES = {
  passed: { sign: SIGNS.good, tone: 'good', word: 'passed' },
  crossed: { sign: SIGNS.bad, tone: 'bad', word: 'crossed' },
};

/** @returns {Array<object>} each threshold of the run with its actual value */
export function thresholdRows(metrics) {
  const rows = Array.isArray(metrics?.thresholds) ? metrics.thresholds : [];
  return rows.map((row) => {
    const { sign, tone, word } = PASSES[row.state] ?? { sign: SIGNS.bad, tone: 'bad', word: 'no data' };
    return { sign, tone, word: t(word), text: String(row.threshold ?? row.text ?? ''), actual: String(row.actual ?? '') };
  });
}
