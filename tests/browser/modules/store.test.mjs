import assert from 'node:assert/strict';
import test from 'node:test';

import { ApiError, createApi } from '../../../web/js/api.js';
import { createStore, deviceIndex } from '../../../web/js/store.js';

/** A server that says what its fields say. */
function fakeApi() {
  const api = {
    answers: {
      summary: { banner: { state: 'running' }, run_id: 'r1', is_current: true, refresh_ms: 700, version: 'v1',
        news: { timeline: 't1', bursts: 'b1', devices: 'd1' }, metrics: { status: 'running', device_count: 2 } },
      rows: [0, 1],
      runs: { runs: [{ run_id: 'r1' }], complete: true },
      incidents: { rows: [] },
    },
    asked: [],
    now: () => 5,
    summary: async (run, since) => {
      const answer = api.give('summary');
      const runId = run || answer.run_id;
      return { ...answer, run_id: runId, metrics: since === answer.version ? undefined : answer.metrics };
    },
    runs: async () => api.give('runs'),
    timeline: async (run, { from } = {}) => {
      api.asked.push(['timeline', run, from]);
      const rows = api.give('rows').filter((at) => from === undefined || at > from);
      return { run_id: run || 'r1', columns: { elapsed_s: rows } };
    },
    bursts: async (run, since) => {
      api.asked.push(['bursts', run, since]);
      return { run_id: run, next: 1, whole: !since, columns: { k: since ? [] : [0], due: since ? [] : [1], marks: since ? [] : [''] } };
    },
    devices: async (run, since) => {
      api.asked.push(['devices', run, since]);
      return { run_id: run, next: 3, count: 2, ...(since ? { changes: {} } : { states: 'cc' }) };
    },
    names: async () => ['sim-001', 'sim-002'],
    device: async (run, index) => ({ run_id: run, index, history: [] }),
    incidents: async (run, wanted) => { api.asked.push(['incidents', wanted.search]); return api.give('incidents'); },
    give(what) {
      if (api.answers[what] instanceof Error) throw api.answers[what];
      return api.answers[what];
    },
    of: (what) => api.asked.filter(([kind]) => kind === what),
  };
  return api;
}

const settled = async () => { for (let i = 0; i < 50; ++i) await null; };

function makeStore(api, choice) {
  let timers = [];
  const snapshots = [];
  const store = createStore({
    api, choice, later: (call, ms) => { timers.push({ call, ms }); return call; },
    cancel: (call) => { timers = timers.filter((timer) => timer.call !== call); },
  });
  store.subscribe((snapshot) => snapshots.push(snapshot));
  return {
    store, snapshots, last: () => snapshots.at(-1), timers: () => timers,
    /** Lets the pause pass. */
    next: () => timers.shift().call(),
  };
}

test('a snapshot has everything, and the next look follows the server’s period', async () => {
  const { store, timers, last } = makeStore(fakeApi());
  await store.start();
  assert.equal(last().runId, 'r1');
  assert.deepEqual(last().timeline.columns.elapsed_s, [0, 1]);
  assert.equal(last().bursts.rows.length, 1);
  assert.equal(last().states.letters.join(''), 'cc');
  assert.deepEqual(last().names, ['sim-001', 'sim-002']);
  assert.equal(timers()[0].ms, 700);
});

test('the first picture does not wait for the long lists', async () => {
  const { store, snapshots } = makeStore(fakeApi());
  await store.start();
  assert.equal(snapshots[0].metrics.status, 'running');
  assert.equal(snapshots[0].timeline.runId, 'r1');
  assert.equal(snapshots[0].bursts, null);
});

test('while the server still reads a long file, it is asked again at once', async () => {
  const api = fakeApi();
  const { devices } = api;
  api.devices = async (run, since) => ({ ...await devices(run, since), behind: since === undefined });
  const { store, timers, next } = makeStore(api);
  await store.start();
  assert.equal(timers()[0].ms, 0);
  await next();
  assert.equal(timers()[0].ms, 700);
});

test('what has no news is not asked for', async () => {
  const api = fakeApi();
  const { store, next, last } = makeStore(api);
  await store.start();
  await next();
  for (const what of ['timeline', 'bursts', 'devices']) assert.equal(api.of(what).length, 1, what);
  assert.equal(last().metrics.device_count, 2, 'figures that have not changed stay');
});

test('only what is new is asked for', async () => {
  const api = fakeApi();
  const { store, next, last } = makeStore(api);
  await store.start();
  api.answers.rows = [0, 1, 2, 3];
  api.answers.summary = { ...api.answers.summary, version: 'v2', news: { timeline: 't2', bursts: 'b2', devices: 'd2' } };
  await next();
  assert.deepEqual(api.of('timeline')[1], ['timeline', 'r1', 1]);
  assert.deepEqual(api.of('bursts')[1], ['bursts', 'r1', 1]);
  assert.deepEqual(api.of('devices')[1], ['devices', 'r1', 3]);
  assert.deepEqual(last().timeline.columns.elapsed_s, [0, 1, 2, 3]);
});

test('another run begins with its own parts', async () => {
  const api = fakeApi();
  const { store, next, last } = makeStore(api);
  await store.start();
  api.answers.summary = { ...api.answers.summary, run_id: 'r2' };
  api.answers.rows = [0];
  await next();
  assert.equal(last().timeline.runId, 'r2');
  assert.deepEqual(last().timeline.columns.elapsed_s, [0]);
});

test('a chosen run is shown at once, and its devices and bursts are others', async () => {
  const { store, last } = makeStore(fakeApi(), { device: 'sim-002', burst: '5' });
  await store.start();
  assert.equal(last().device.index, 1);
  store.choose({ run: 'r0' });
  await settled();
  assert.equal(last().runId, 'r0');
  assert.deepEqual(last().choice, { run: 'r0', device: '', burst: '' });
});

test('a link to a run that is gone shows the current one', async () => {
  const api = fakeApi();
  const { summary } = api;
  api.summary = async (run, since) => { if (run) throw new ApiError(404, 'gone'); return summary(run, since); };
  const { store, next, last } = makeStore(api, { run: 'r9' });
  await store.start();
  await next();
  assert.equal(last().runId, 'r1');
  assert.equal(last().choice.run, '');
});

test('a search is asked of the server at once', async () => {
  const api = fakeApi();
  const { store } = makeStore(api);
  await store.start();
  store.arrange({ search: 'tls' });
  await settled();
  assert.deepEqual(api.of('incidents').at(-1), ['incidents', 'tls']);
});

test('a missing or broken file is part of the picture, not of the network', async () => {
  const api = fakeApi();
  api.answers.summary = { ...api.answers.summary, metrics: undefined };
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
  const { summary } = api.answers;
  api.answers.summary = new TypeError('failed to fetch');
  await next();
  assert.ok(last().unreachable);
  assert.equal(last().metrics.status, 'running');
  api.answers.summary = new ApiError(500, 'Permission denied');
  await next();
  assert.equal(last().unreachable.message, 'Permission denied');
  api.answers.summary = summary;
  await next();
  assert.equal(last().unreachable, null);
  assert.equal(timers().length, 1);
});

test('a listener that throws does not end the polling', async () => {
  const { store, timers } = makeStore(fakeApi());
  store.subscribe(() => { throw new Error('a view'); });
  await assert.rejects(store.start());
  assert.equal(timers().length, 1);
});

test('a device of a link is a name, else a number', () => {
  const run = { names: ['7', 'b'], states: { count: 9 } };
  const index = (device) => deviceIndex({ ...run, choice: { device } });
  assert.equal(index('b'), 1);
  assert.equal(index('7'), 0, 'a name comes first');
  assert.equal(index('#3'), 2);
  assert.equal(index('10'), null);
  assert.equal(index('nobody'), null);
  assert.equal(index(''), null);
});

test('an answer is asked for with the last tag, and kept when unchanged', async () => {
  const seen = [];
  const api = createApi(async (path, { headers }) => {
    seen.push(headers['If-None-Match']);
    return seen.length === 1
      ? new Response('{"a":1}', { headers: { ETag: '"t"', 'Server-Time': '5' } })
      : new Response(null, { status: 304 });
  });
  const first = await api.runs();
  assert.equal(await api.runs(), first);
  assert.deepEqual(seen, [undefined, '"t"']);
  assert.ok(Math.abs(api.now() - 5) < 2, 'time goes by the server’s clock');
});

test('a refusal carries the server’s own sentence', async () => {
  const api = createApi(async () => new Response('{"error":"why"}', { status: 404 }));
  await assert.rejects(api.runs(), (error) => error instanceof ApiError && error.message === 'why');
  const mute = createApi(async () => new Response('<html>', { status: 502 }));
  await assert.rejects(mute.runs(), /502/);
});
