// What the dashboard costs: the page, the transfer, the server, and a run beside 200 open pages.
//
//   STRESSKIT_BIN=build/release/bin STRESSKIT_HOLD_RUN=build/release/tests/hold_run \
//     node bench/dashboard/dashboard_bench.mjs
//   BENCH_PARTS=first,flood   only these parts; BENCH_SECONDS=20   shorter ones
//
// Prints; never fails because something was slow. Needs scripts/setup.sh (Chromium and the modules
// of tests/browser).

import { spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { RUN_ID, moreEvents } from '../../tests/browser/fixtures/make.mjs';
import { launchBrowser, stage } from '../../tests/browser/stage.mjs';

const BIN = process.env.STRESSKIT_BIN;
const PAGES = 200;
const ROUNDS = 11;
const PARTS = (process.env.BENCH_PARTS ?? 'first,poll,flood,beside').split(',');
const SECONDS = Number(process.env.BENCH_SECONDS ?? 60);

const sleep = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
const say = (what, figure) => console.log(`${what.padEnd(64)} ${figure}`);
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

/** Writes what a run of 15,000 devices writes in a second, when little happens. */
function liveWriter(folder) {
  const run = join(folder, 'runs', RUN_ID);
  const file = JSON.parse(readFileSync(join(folder, 'metrics.json'), 'utf8'));
  let second = 3600;
  return () => {
    second += 1;
    const n = file.device_count;
    for (const name of ['planned', 'attempted', 'sent', 'acknowledged']) file.totals[name] += n;
    const burst = { ...file.bursts.at(-1), k: file.bursts.at(-1).k + 1, due: file.bursts.at(-1).due + 1, spread_ms: 6 + Math.random() };
    file.bursts = [...file.bursts.slice(-119), burst];
    file.updated_at = Date.now() / 1000;
    for (const device of file.devices) device.last_seen = file.updated_at;
    const { planned, sent } = file.totals;
    appendFileSync(join(run, 'timeline.csv'), `${file.updated_at},${second},${n},0,0,0,${planned},${sent},${sent},0,0,0,0\n`);
    appendFileSync(join(run, 'bursts.ndjson'), `${JSON.stringify({ ...burst, ack_drain_ms: null })}\n${JSON.stringify(burst)}\n`);
    appendFileSync(join(run, 'events.ndjson'), moreEvents(1 + second % 3));
    if (second % 2 === 0) {
      writeFileSync(join(folder, 'metrics.json.new'), JSON.stringify(file));
      renameSync(join(folder, 'metrics.json.new'), join(folder, 'metrics.json'));
    }
  };
}

/** Notes, in the page, the frames in which its figures and its chart are there. */
function noteFrames() {
  globalThis.drawn = {};
  const look = () => {
    if (document.querySelector('#tile-ratio .unit')?.textContent === '%') globalThis.drawn.tiles ??= performance.now();
    if (document.querySelector('#timeline-chart canvas')) globalThis.drawn.timeline = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

async function firstPicture(browser) {
  for (const [state, devices] of [['stopped', '500 devices'], ['fleet', '15,000 devices']]) {
    const theatre = await stage(state, {});
    const times = { 'first paint': [], 'figures drawn': [], 'timeline drawn': [] };
    for (let round = 0; round < ROUNDS; ++round) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
      const page = await context.newPage();
      await page.addInitScript(noteFrames);
      await page.goto(theatre.url);
      await page.waitForFunction(() => globalThis.drawn.timeline);
      const { tiles, timeline } = await page.evaluate(() => globalThis.drawn);
      times['first paint'].push(await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN));
      times['figures drawn'].push(tiles);
      times['timeline drawn'].push(timeline);
      await context.close();
    }
    await theatre.end();
    for (const [what, all] of Object.entries(times)) {
      say(`${what}, ${devices} (median of ${ROUNDS})`, `${Math.round(median(all))} ms (${Math.round(Math.min(...all))} to ${Math.round(Math.max(...all))})`);
    }
  }
}

/** Runs the page over a live run of 15,000 devices; `each` is called with the browser's counters. */
async function overLiveFleet(browser, refreshMs, seconds, each) {
  const theatre = await stage('fleet', { refreshMs });
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Network.enable');
  await cdp.send('Performance.enable');
  let bytes = 0;
  let polls = 0;
  cdp.on('Network.loadingFinished', ({ encodedDataLength }) => { bytes += encodedDataLength; });
  page.on('response', (response) => { polls += response.url().includes('/api/summary') ? 1 : 0; });
  await page.goto(theatre.url);
  await page.mouse.move(2, 2);
  await page.locator('#grid-canvas').waitFor();
  await sleep(3000);
  const read = async () => {
    const { metrics } = await cdp.send('Performance.getMetrics');
    const of = (name) => metrics.find((metric) => metric.name === name).value;
    return { bytes, polls, task: of('TaskDuration') * 1000, script: of('ScriptDuration') * 1000 };
  };
  const heap = async () => { await cdp.send('HeapProfiler.collectGarbage'); return (await page.evaluate(() => performance.memory.usedJSHeapSize)) / 1e6; };
  const write = liveWriter(theatre.folder);
  for (let i = 0; i < 5; ++i) { write(); await sleep(200); }
  const heapBefore = await heap();
  const before = await read();
  const timer = setInterval(write, 1000);
  await sleep(seconds * 1000);
  clearInterval(timer);
  const after = await read();
  each({ bytes: after.bytes - before.bytes, polls: after.polls - before.polls, task: after.task - before.task, script: after.script - before.script, heapBefore, heapAfter: await heap() });
  await page.context().close();
  await theatre.end();
}

/** One open page as the server sees it: a connection, and what main.js asks for every 2 s. */
function openPage(url, runId, stopped) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const tags = new Map();
  const waits = [];
  const ask = (path) => new Promise((resolve, reject) => {
    const began = performance.now();
    const headers = { 'Accept-Encoding': 'gzip', ...(tags.has(path) ? { 'If-None-Match': tags.get(path) } : {}) };
    http.get(url + path, { agent, headers }, (response) => {
      if (response.headers.etag) tags.set(path, response.headers.etag);
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () => { waits.push(performance.now() - began); resolve(Buffer.concat(parts)); });
    }).on('error', reject);
  });
  const go = async () => {
    await sleep(Math.random() * 2000);
    for (let since = 0; !stopped(); since += 2) {
      const began = performance.now();
      await ask(`api/summary?run=${runId}`);
      await ask(`api/timeline?run=${runId}&from=${since}`);
      await ask(`api/bursts?run=${runId}&since=${Math.max(1, since * 2)}`);
      await ask(`api/incidents?run=${runId}`);
      await sleep(Math.max(0, 2000 - (performance.now() - began)));
    }
    agent.destroy();
  };
  return { go, waits };
}

const cpuOf = (pid) => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
};

function start(program, args, env) {
  const child = spawn(join(BIN, program), args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  child.stderr.resume();
  return child;
}

const exits = (child) => new Promise((resolve) => { child.once('exit', resolve); });

/** A run of 500 devices against the sandbox, with or without readers. */
async function besidePages(pages) {
  const folder = mkdtempSync(join(tmpdir(), 'stresskit.'));
  const envFile = join(folder, 'sandbox.env');
  const sandbox = start('run_sandbox', ['--port', '0', '--mqtt-port', '0', '--env-out', envFile], process.env);
  sandbox.stdout.resume();
  for (let i = 0; i < 100; ++i) { try { readFileSync(envFile); break; } catch { await sleep(100); } }
  const common = ['--env-file', envFile, '--data-dir', folder];
  const provision = start('provision', [...common, '--device-count', '500'], process.env);
  provision.stdout.resume();
  await exits(provision);
  const server = start('run_dashboard', ['--json', '--data-dir', folder, '--dashboard-host', '127.0.0.1', '--dashboard-port', '0'], process.env);
  const [line] = await new Promise((resolve) => { createInterface({ input: server.stdout }).once('line', (text) => resolve([text])); });
  const { url } = JSON.parse(line);
  const run = start('run_telemetry', [...common, '--bursts', '40', '--publish-interval-sec', '1'], process.env);
  run.stdout.resume();
  let runId = '';
  for (let i = 0; i < 100 && !runId; ++i) { try { runId = JSON.parse(readFileSync(join(folder, 'metrics.json'), 'utf8')).run_id ?? ''; } catch { /* not yet */ } await sleep(100); }
  let stop = false;
  const readers = Array.from({ length: pages }, () => openPage(url, runId, () => stop));
  const going = readers.map((reader) => reader.go().catch((error) => console.error(error.message)));
  await sleep(5000);
  const cpu = cpuOf(server.pid);
  const began = performance.now();
  await sleep(25_000);
  const share = (cpuOf(server.pid) - cpu) / ((performance.now() - began) / 1000);
  await exits(run);
  stop = true;
  await Promise.all(going);
  const summary = JSON.parse(readFileSync(join(folder, 'runs', runId, 'summary.json'), 'utf8'));
  for (const child of [server, sandbox]) { child.kill('SIGTERM'); await exits(child); }
  rmSync(folder, { recursive: true, force: true });
  const waits = readers.flatMap((reader) => reader.waits).sort((a, b) => a - b);
  return { share, lateness: summary.release_lateness_ms, spread: summary.spread_ms, late: summary.generator.late_bursts, p99: waits[Math.floor(waits.length * 0.99)], asked: waits.length };
}

/** How long an honest client waits while a thousand others hold connections and drip. */
async function amidAFlood() {
  const theatre = await stage('stopped', {});
  const { hostname, port } = new URL(theatre.url);
  const open = () => {
    const socket = net.connect(Number(port), hostname);
    socket.on('error', () => {});
    socket.on('close', () => { if (flooding) setTimeout(open, 10); }); // as one who does not give up
    socket.write('G');
  };
  let flooding = true;
  for (let i = 0; i < 1000; ++i) open();
  const waits = [];
  for (let i = 0; i < 50; ++i) {
    const began = performance.now();
    await new Promise((resolve, reject) => {
      http.get(`${theatre.url}api/summary`, { agent: false }, (response) => response.resume().on('end', resolve)).on('error', reject);
    });
    waits.push(performance.now() - began);
    await sleep(100);
  }
  flooding = false;
  await theatre.end();
  say('an honest client amid 1,000 that drip (50 requests)', `median ${median(waits).toFixed(0)} ms, longest ${Math.max(...waits).toFixed(0)} ms`);
}

async function inTheBrowser() {
  const browser = await launchBrowser();
  if (PARTS.includes('first')) await firstPicture(browser);
  if (PARTS.includes('poll')) {
    await overLiveFleet(browser, 200, Math.min(SECONDS, 30), ({ polls, task, script }) => {
      say('a poll handled in the page, 15,000 devices: whole task', `${(task / polls).toFixed(1)} ms`);
      say('  of it our scripts', `${(script / polls).toFixed(1)} ms`);
    });
    await overLiveFleet(browser, 2000, SECONDS, ({ bytes, heapBefore, heapAfter }) => {
      say('transfer, a page at 2 s over an hour-old run of 15,000 devices', `${(bytes / 1000 * 60 / SECONDS).toFixed(0)} KB/min`);
      say(`heap before and after ${SECONDS} s`, `${heapBefore.toFixed(1)} MB, ${heapAfter.toFixed(1)} MB`);
    });
  }
  await browser.close();
}

await inTheBrowser();
if (PARTS.includes('flood')) await amidAFlood();
for (const pages of PARTS.includes('beside') ? [0, PAGES] : []) {
  const { share, lateness, spread, late, p99, asked } = await besidePages(pages);
  say(`server with ${pages} pages, 500 devices`, `${(share * 100).toFixed(1)} % of a core${asked ? `, ${asked} answers, p99 ${p99.toFixed(1)} ms` : ''}`);
  say('  the run beside it: release lateness p50, p99; spread p50; late', `${lateness.p50} ms, ${lateness.p99} ms; ${spread.p50} ms; ${late}`);
}
