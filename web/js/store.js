// Polls the server and hands each snapshot to its listeners. No DOM in here.

import { ApiError } from './api.js';
import { extendBursts } from './models/bursts.js';
import { extendStates } from './models/states.js';
import { extend, lastElapsed, splice } from './models/timeline.js';

/**
 * @typedef {object} Snapshot  what there is to show; null: not known (yet)
 * @property {object | null} banner  the state as the server decided it
 * @property {object | null} metrics  the figures of the run on show, `runId`
 * @property {object | null} timeline  with `bursts`, `states`, `incidents`, `server`: parts of that run
 * @property {string[]} names  of its devices, by index
 * @property {object | null} device  history of the chosen device
 * @property {{ run: string, device: string, burst: string }} choice  what the reader looks at
 * @property {Error | null} unreachable  why there was no answer the last time; an ApiError: the server's own words
 */

const FIRST_PERIOD_MS = 2000; // until the server has said its own

const OF_A_RUN = {
  metrics: null, timeline: null, bursts: null, states: null, names: [], incidents: null, device: null, server: null,
};

const SERVER_PERIOD_S = 10; // what a run sees of the server comes as often

/** A request whose refusal is part of the picture: a missing file is no trouble of the network. */
async function orElse(known, promise) {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof ApiError) return known;
    throw error;
  }
}

/** The index that a link's device means: a name of the run's, else a number. */
export function deviceIndex({ choice, names, states }) {
  if (choice.device === '') return null;
  const at = names.indexOf(choice.device);
  const index = at >= 0 ? at : /^#?\d+$/.test(choice.device) ? Number(choice.device.replace('#', '')) - 1 : -1;
  return index >= 0 && index < (states?.count ?? 0) ? index : null;
}

/**
 * @param {object} options
 * @param {ReturnType<import('./api.js').createApi>} options.api
 * @param {Snapshot['choice']} [options.choice]  from the address
 * @param {(call: () => void, ms: number) => unknown} [options.later]  setTimeout, or a test's own
 * @param {(timer: unknown) => void} [options.cancel]
 */
export function createStore({ api, choice, later = setTimeout, cancel = clearTimeout }) {
  const listeners = new Set();
  /** @type {Snapshot} */
  let snapshot = {
    banner: null, runId: '', isCurrent: true, ...OF_A_RUN, runs: [],
    choice: { run: '', device: '', burst: '', ...choice },
    table: { search: '', sort: '', order: '' }, unreachable: null, refreshMs: FIRST_PERIOD_MS,
  };
  let news = {}; // what each file was like when it was last asked for
  let runsKey = null;
  let timer = null;
  let asking = false;
  let askAgain = false;
  let isBehind = false; // the server is still reading a long file of an old run

  async function timelineOf(run, known) {
    const answer = await orElse(null, api.timeline(run, known ? { from: lastElapsed(known) } : {}));
    if (!answer) return known;
    isBehind ||= Boolean(answer.behind);
    return extend(known, answer) ?? extend(null, await api.timeline(run));
  }

  async function burstsOf(run, known) {
    const answer = await orElse(null, api.bursts(run, known?.next));
    isBehind ||= Boolean(answer?.behind);
    return answer ? extendBursts(known, answer) ?? extendBursts(null, await api.bursts(run)) : known;
  }

  async function statesOf(run, known) {
    const answer = await orElse(null, api.devices(run, known?.next || undefined));
    isBehind ||= Boolean(answer?.behind);
    return answer ? extendStates(known, answer) : known;
  }

  async function serverOf(summary, known) {
    const isDue = !known || known.tag !== summary.news.server && api.now() - known.askedAt >= SERVER_PERIOD_S;
    if (!summary.news.server || !isDue) return known;
    const answer = await orElse(null, api.server(summary.run_id));
    return answer ? { ...answer, tag: summary.news.server, askedAt: api.now() } : known;
  }

  async function runsOf(summary) {
    const key = `${summary.run_id} ${summary.banner.state}`;
    if (key === runsKey) return snapshot.runs;
    const answer = await orElse({ runs: [], complete: true }, api.runs());
    if (answer.complete) runsKey = key;
    return answer.runs;
  }

  /** What belongs to the run of this summary, only what has news being asked for. */
  async function partsOf(summary, known) {
    const run = summary.run_id;
    const has = (what) => summary.news[what] !== news[what];
    const { table } = snapshot;
    const timeline = has('timeline') ? await timelineOf(run, known.timeline) : known.timeline;
    const bursts = has('bursts') || summary.version !== news.version
      ? await burstsOf(run, known.bursts) : known.bursts;
    const states = has('devices') || known.states?.count !== (summary.metrics ?? known.metrics)?.device_count
      ? await statesOf(run, known.states) : known.states;
    const names = states && known.names.length < states.count
      ? await orElse(known.names, api.names(run)) : known.names;
    const incidents = await orElse(null, api.incidents(run, table));
    const server = await serverOf(summary, known.server);
    news = { ...summary.news, version: summary.version };
    const index = deviceIndex({ ...snapshot, states, names });
    const device = index === null ? null
      : has('devices') || known.device?.index !== index || summary.version !== known.device?.version
        ? { ...await orElse(null, api.device(run, index)), index, version: summary.version } : known.device;
    return { timeline, bursts, states, names, incidents, device, server };
  }

  async function look() {
    const { choice: { run }, metrics, banner } = snapshot;
    const [summary, early] = await Promise.all([
      api.summary(run, metrics ? news.version : undefined), banner ? undefined : timelineOf(run, null),
    ]);
    const isSame = summary.run_id === snapshot.runId;
    if (!isSame) news = {};
    let known = isSame ? snapshot : OF_A_RUN;
    const usable = summary.metrics !== undefined || summary.version === news.version;
    const head = {
      banner: summary.banner, runId: summary.run_id, isCurrent: summary.is_current, refreshMs: summary.refresh_ms,
      metrics: usable ? summary.metrics ?? known.metrics : null, unreachable: null,
    };
    // The first picture of a run, its timeline included, does not wait for its long lists.
    if (!isSame || !snapshot.banner) {
      const isFor = early === null || early?.runId === summary.run_id;
      known = { ...OF_A_RUN, timeline: isFor ? early : await timelineOf(summary.run_id, null) };
      news = { timeline: summary.news.timeline };
      publish({ ...known, ...head });
    }
    return { ...head, ...await partsOf(summary, known), runs: await runsOf(summary) };
  }

  function publish(change) {
    snapshot = { ...snapshot, ...change };
    for (const listener of listeners) listener(snapshot);
  }

  async function tick() {
    asking = true;
    isBehind = false;
    let change;
    try {
      change = await look();
    } catch (error) {
      if (error instanceof ApiError && snapshot.choice.run) {
        // A link to a run that is gone: the current one is shown instead.
        snapshot.choice = { ...snapshot.choice, run: '' };
        askAgain = true;
      }
      change = { unreachable: error };
    }
    asking = false;
    // Before the listeners, so that one that throws does not end the polling.
    timer = later(tick, askAgain || isBehind ? 0 : change.refreshMs ?? snapshot.refreshMs);
    const isOld = askAgain;
    askAgain = false;
    // An answer to a question that the reader has changed meanwhile is not shown.
    if (!isOld) publish(change);
  }

  function askNow() {
    if (asking) {
      askAgain = true;
    } else {
      cancel(timer);
      tick();
    }
  }

  return {
    /** @param {(snapshot: Snapshot) => void} listener  @returns {() => void} unsubscribe */
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start: tick,
    now: api.now,

    /** Looks at another run, device or burst; a device or a burst belongs to its run. */
    choose(change) {
      const isOther = change.run !== undefined && change.run !== snapshot.choice.run;
      const next = { ...snapshot.choice, ...(isOther ? { device: '', burst: '' } : {}), ...change };
      if (JSON.stringify(next) === JSON.stringify(snapshot.choice)) return;
      publish({ choice: next });
      askNow();
    },

    /** Orders or searches the device table. */
    arrange(change) {
      publish({ table: { ...snapshot.table, ...change } });
      askNow();
    },

    /** Fetches every second of a stretch of the timeline that was thinned out. */
    async detail(from, to) {
      const { runId } = snapshot;
      if (!snapshot.timeline?.thinned) return;
      const answer = await orElse(null, api.timeline(runId, { from, to })).catch(() => null);
      if (answer && snapshot.runId === runId) publish({ timeline: splice(snapshot.timeline, answer, from, to) });
    },
  };
}
