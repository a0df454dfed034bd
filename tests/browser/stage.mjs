// What the page's tests stand on: a data directory in a state, a dashboard over it, a browser.

import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { chromium } from 'playwright-core';

import { RUN_ID, STATES } from './fixtures/make.mjs';

const BIN = process.env.STRESSKIT_BIN;
const HOLD_RUN = process.env.STRESSKIT_HOLD_RUN;
const CHROMIUM = process.env.STRESSKIT_CHROMIUM ?? '/usr/bin/chromium';

/** Starts a program; resolves with its first line once it has said one. */
function start(program, args) {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  return new Promise((resolve, reject) => {
    lines.once('line', (line) => resolve({ child, line }));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${program} ended with ${code} and said nothing`)));
  });
}

function ended(child) {
  return child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve(child.exitCode)
    : new Promise((resolve) => { child.once('exit', resolve); });
}

export function launchBrowser() {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

/**
 * A dashboard over the data directory of a sandbox's 20 devices; `run` starts a run of so many
 * bursts and resolves when it has ended.
 */
export async function liveStage() {
  const folder = mkdtempSync(join(tmpdir(), 'stresskit.'));
  const env = join(folder, 'sandbox.env');
  const common = ['--env-file', env, '--data-dir', folder];
  const sandbox = await start(join(BIN, 'run_sandbox'), ['--port', '0', '--mqtt-port', '0', '--env-out', env]);
  while (!existsSync(env)) await new Promise((resolve) => { setTimeout(resolve, 50); });
  await ended((await start(join(BIN, 'provision'), [...common, '--json', '--device-count', '20'])).child);
  const server = await start(join(BIN, 'run_dashboard'), ['--json', '--data-dir', folder,
    '--dashboard-host', '127.0.0.1', '--dashboard-port', '0', '--dashboard-refresh-ms', '200']);
  return {
    url: JSON.parse(server.line).url,
    async run(bursts) {
      const { child } = await start(join(BIN, 'run_telemetry'), [...common, '--publish-interval-sec', '0.25', '--bursts', String(bursts)]);
      return ended(child);
    },
    async end() {
      for (const { child } of [server, sandbox]) {
        child.kill('SIGTERM');
        await ended(child);
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A dashboard over a fresh data directory in one of the prepared states. */
export async function stage(state, { refreshMs = 100 } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'stresskit.'));
  STATES[state].make(folder);
  const holder = STATES[state].active ? await start(HOLD_RUN, [folder, RUN_ID]) : null;
  const serve = (port) => start(join(BIN, 'run_dashboard'), ['--json', '--data-dir', folder,
    '--dashboard-host', '127.0.0.1', '--dashboard-port', String(port), '--dashboard-refresh-ms', String(refreshMs)]);
  let server = await serve(0);
  const { url } = JSON.parse(server.line);

  return {
    url,
    folder,
    /** Puts the directory into another state. */
    become: (next) => STATES[next].make(folder),
    /** The same figures in a file that has changed. */
    touch: () => appendFileSync(join(folder, 'metrics.json'), '\n'),
    async stopServer() {
      server.child.kill('SIGTERM');
      return ended(server.child);
    },
    async startServer() {
      server = await serve(new URL(url).port);
    },
    async release() {
      if (!holder) return;
      holder.child.stdin.end();
      await ended(holder.child);
    },
    async end() {
      await this.stopServer();
      await this.release();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
