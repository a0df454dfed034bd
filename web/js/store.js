// Polls the server and hands each snapshot to its listeners. No DOM in here.

import { ApiError } from './api.js';
import { extend, lastElapsed } from './models/timeline.js';

/**
 * @typedef {object} Snapshot
 * @property {object | null} state  the banner's state, as the server decided it
 * @property {object | null} metrics  the metrics file; null while there is no usable one
 * @property {object | null} timeline  columns of the run on show
 * @property {Array<object>} runs  archived runs, newest first
 * @property {string} chosenRun  the run a reader picked; empty: the current one
 * @property {Error | null} unreachable  why the server did not answer the last time
 */

const FIRST_PERIOD_MS = 2000; // until the server has said its own

/** A request whose refusal is part of the picture: a missing file is no trouble of the network. */
async function orNull(promise) {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof ApiError) return null;
    throw error;
  }
}

/**
 * @param {object} options
 * @param {ReturnType<import('./api.js').createApi>} options.api
 * @param {(call: () => void, ms: number) => unknown} [options.later]  setTimeout, or a test's own
 */
export function createStore({ api, later = setTimeout }) {
  const listeners = new Set();
  /** @type {Snapshot} */
  let snapshot = {
    state: null,
    metrics: null,
    timeline: null,
    runs: [],
    chosenRun: '',
    unreachable: null,
  };
  let asking = false;
  let askAgain = false;

  async function refreshTimeline(runId) {
    if (!runId) return null;
    const known = snapshot.timeline?.runId === runId ? snapshot.timeline : null;
    const answer = await orNull(api.timeline(runId, known ? lastElapsed(known) : undefined));
    if (!answer) return known;
    const extended = extend(known, answer);
    return extended ?? extend(null, await api.timeline(runId));
  }

  async function refreshRuns(runId) {
    const isListed = !runId || snapshot.runs.some((run) => run.run_id === runId);
    return isListed && snapshot.state ? snapshot.runs : ((await orNull(api.runs())) ?? []);
  }

  async function look() {
    const state = await api.state();
    const runId = snapshot.chosenRun || state.run_id;
    const [metrics, timeline, runs] = await Promise.all([
      orNull(api.metrics()),
      refreshTimeline(runId),
      refreshRuns(state.run_id),
    ]);
    return { state, metrics, timeline, runs, unreachable: null };
  }

  async function tick() {
    asking = true;
    let news;
    try {
      news = await look();
    } catch (error) {
      news = { unreachable: error };
    }
    asking = false;
    snapshot = { ...snapshot, ...news };
    // Before the listeners, so that one that throws does not end the polling.
    if (askAgain) {
      askAgain = false;
      later(tick, 0);
    } else {
      later(tick, snapshot.state?.refresh_ms ?? FIRST_PERIOD_MS);
    }
    for (const listener of listeners) listener(snapshot);
  }

  return {
    /** @param {(snapshot: Snapshot) => void} listener  @returns {() => void} unsubscribe */
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start: tick,
    /** Shows another run's timeline from the next look on. */
    chooseRun(runId) {
      snapshot = { ...snapshot, chosenRun: runId, timeline: null };
      askAgain = asking;
    },
  };
}
