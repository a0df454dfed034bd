// The page beside a real run against the sandbox, from before its start to after its end.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { launchBrowser, liveStage } from './stage.mjs';

test('the page follows a run that starts, bursts and ends', async () => {
  const theatre = await liveStage();
  const browser = await launchBrowser();
  try {
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' })).newPage();
    const says = (id, text) => page.locator(`#${id}`, { hasText: text }).waitFor();
    const complaints = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(theatre.url);
    await page.mouse.move(2, 2);
    await says('banner-word', 'Idle');

    const running = theatre.run(24);
    await says('banner-word', 'Running');
    await says('grid-legend', 'Connected20');
    await says('bursts-count', /bursts 0 to [1-9]/);
    await page.locator('#grid-canvas').click({ position: { x: 5, y: 5 } });
    await says('device-name', 'sim-001');
    await says('device-history', 'connected');
    assert.equal(await running, 0);

    await says('banner-word', 'Stopped');
    await says('verdict', /The (server|generator)/); // a busy machine may be late
    await says('tile-ratio', '%');
    await says('bursts-count', 'bursts 0 to 23');
    await says('device-outcomes-text', 'Last 24 bursts: acknowledged');
    await says('stored-facts', 'Age, worst'); // the sandbox's store was asked while the run went on
    await says('runs-rows', /The (server|generator)/);
    await page.locator('#latency-rows tr').nth(6).waitFor();
    assert.deepEqual(complaints, []);
  } finally {
    await browser.close();
    await theatre.end();
  }
});
