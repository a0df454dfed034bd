import assert from 'node:assert/strict';
import test from 'node:test';

import { ApiError, createApi } from '../../../web/js/api.js';
import { createStore } from '../../../web/js/store.js';

/** A server that says what its fields say. */
function fakeApi() {
  const api = {
    answers: {
      state: { state: 'running', run_id: 'r1', refresh_ms: 700 },
      metrics: { status: 'running' },
      rows: [0, 1],
      runs: [{ run_id: 'r1' }],
    },
    asked: [],
    state: async () => api.give('state'),
    metrics: async () => api.give('metrics'),
    runs: async () => api.give('runs'),
    timeline: async (runId, from) => {
      api.asked.push([runId, from]);
      const rows = api.give('rows').filter((t) => from === undefined || t > from);
      return { run_id: runId, columns: { elapsed_s: rows } };
    },
    give(what) {
      if (api.answers[what] instanceof Error) throw api.answers[what];
      return api.answers[what];
    },
  };
  return api;
}

function makeStore(api) {
  const timers = [];
  const snapshots = [];
  const store = createStore({ api, later: (call, ms) => timers.push({ call, ms }) });
  store.subscribe((snapshot) => snapshots.push(snapshot));
  return {
    store, timers, snapshots, last: () => snapshots.at(-1),
    /** Lets the pause pass. */
    next: () => timers.shift().call(),
  };
}

test('a snapshot has everything, and the next look follows the server’s period', async () => {
  const { store, timers, last } = makeStore(fakeApi());
  await store.start();
  assert.equal(last().state.run_id, 'r1');
  assert.deepEqual(last().timeline.columns.elapsed_s, [0, 1]);
  assert.equal(timers[0].ms, 700);
});

test('only new rows of the timeline are asked for', async () => {
  const api = fakeApi();
  const { store, next, last } = makeStore(api);
  await store.start();
  api.answers.rows = [0, 1, 2, 3];
  await next();
  assert.deepEqual(api.asked, [['r1', undefined], ['r1', 1]]);
  assert.deepEqual(last().timeline.columns.elapsed_s, [0, 1, 2, 3]);
});

test('another run begins with its own timeline', async () => {
  const api = fakeApi();
  const { store, next, last } = makeStore(api);
  await store.start();
  api.answers.state = { ...api.answers.state, run_id: 'r2' };
  api.answers.rows = [0];
  await next();
  assert.equal(last().timeline.runId, 'r2');
  assert.deepEqual(last().timeline.columns.elapsed_s, [0]);
});

test('a chosen run is shown instead of the current one', async () => {
  const api = fakeApi();
  const { store, next, last } = makeStore(api);
  await store.start();
  store.chooseRun('r0');
  await next();
  assert.equal(last().timeline.runId, 'r0');
  assert.equal(last().chosenRun, 'r0');
});

test('a missing or broken file is part of the picture, not of the network', async () => {
  const api = fakeApi();
  api.answers.metrics = new ApiError(503, 'broken');
  api.answers.rows = new ApiError(404, 'none');
  const { store, last } = makeStore(api);
  await store.start();
  assert.equal(last().metrics, null);
  assert.equal(last().timeline, null);
  assert.equal(last().unreachable, null);
});

test('while the server is away the last figures stay, and it is asked again', async () => {
  const api = fakeApi();
  const { store, timers, next, last } = makeStore(api);
  await store.start();
  const state = api.answers.state;
  api.answers.state = new TypeError('failed to fetch');
  await next();
  assert.ok(last().unreachable);
  assert.equal(last().metrics.status, 'running');
  api.answers.state = state;
  await next();
  assert.equal(last().unreachable, null);
  assert.equal(timers.length, 1);
});

test('a listener that throws does not end the polling', async () => {
  const { store, timers } = makeStore(fakeApi());
  store.subscribe(() => { throw new Error('a view'); });
  await assert.rejects(store.start());
  assert.equal(timers.length, 1);
});

test('metrics are asked for with the last tag, and kept when unchanged', async () => {
  const seen = [];
  const api = createApi(async (path, { headers }) => {
    seen.push(headers['If-None-Match']);
    return seen.length === 1
      ? new Response('{"a":1}', { headers: { ETag: '"t"' } })
      : new Response(null, { status: 304 });
  });
  const first = await api.metrics();
  assert.equal(await api.metrics(), first);
  assert.deepEqual(seen, [undefined, '"t"']);
});

test('a refusal carries the server’s own sentence', async () => {
  const api = createApi(async () => new Response('{"error":"why"}', { status: 404 }));
  await assert.rejects(api.state(), (error) => error instanceof ApiError && error.message === 'why');
  const mute = createApi(async () => new Response('<html>', { status: 502 }));
  await assert.rejects(mute.state(), /502/);
});
