// The whole page, as a reader sees it, over prepared data directories.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';

import { launchBrowser, stage } from './stage.mjs';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

let browser;
before(async () => { browser = await launchBrowser(); });
after(() => browser.close());

/**
 * Opens the page over a state and hands it to `look`. Afterwards: nothing was asked of another
 * host, nothing broke the page's own policy or threw.
 */
async function over(state, look, options = {}) {
  const { refreshMs, mayFail = false, ...contextOptions } = options;
  const theatre = await stage(state, { refreshMs });
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB', ...contextOptions });
  const complaints = [];
  try {
    const page = await context.newPage();
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      // A 404 or 503 for a missing or broken file is the browser's own remark, and expected.
      if (message.type() === 'error' && !/status of (404|503)/.test(message.text())) complaints.push(message.text());
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(theatre.url) && !request.url().startsWith('data:')) complaints.push(`asked ${request.url()}`);
    });
    await page.goto(theatre.url);
    await look(page, theatre);
    if (!mayFail) assert.deepEqual(complaints, []);
  } finally {
    await context.close();
    await theatre.end();
  }
}

const says = (page, id, text) => page.locator(`#${id}`, { hasText: text }).waitFor();

for (const [state, word, message] of [
  ['missing', 'No figures yet', 'no metrics.json'],
  ['idle', 'Idle', 'Provisioned and ready'],
  ['connecting', 'Running', 'Devices are connecting'],
  ['running', 'Running', 'publishes at each due time'],
  ['stopping', 'Stopping', 'waits for acknowledgements'],
  ['stopped', 'Stopped', 'final figures'],
  ['stale', 'Stale', 'no run is active'],
  ['broken', 'Broken file', 'only a part of it'],
  ['empty', 'Broken file', '0 bytes'],
]) {
  test(`${state}: the banner says so, and the window's title too`, async () => {
    await over(state, async (page) => {
      await says(page, 'banner-word', word);
      await says(page, 'banner-message', message);
      assert.match(await page.title(), new RegExp(`^${word}`));
    });
  });
}

test('a running fleet is shown in figures and as a chart of the whole run', async () => {
  await over('running', async (page) => {
    await says(page, 'tile-connected', '500of 500');
    await says(page, 'tile-p99', '12.8ms');
    await says(page, 'tile-throughput', '500msg/s');
    await page.locator('#timeline-chart canvas').waitFor();
    await says(page, 'timeline-caption', 'Devices over 2:11');
    await page.locator('#bursts-chart canvas').waitFor();
    await says(page, 'bursts-count', 'bursts 10 to 129, all on time');
    await says(page, 'failures-empty', 'No failures');
  });
});

test('failures and incidents are listed, the most important first', async () => {
  await over('stopped', async (page) => {
    await says(page, 'notice', '5 late, 2 missed');
    const failures = page.locator('#failures-rows tr');
    await failures.first().waitFor();
    assert.equal(await failures.count(), 5);
    assert.match(await failures.first().innerText(), /488\s+network at publish\s+connection reset/);
    assert.equal(await page.locator('#devices-rows tr').count(), 40);
    await says(page, 'devices-count', 'the latest 40 of');
    await says(page, 'tile-collapse', 'recovered');
    await says(page, 'bursts-count', '7 marked late, slow or missed');
    assert.equal(await page.locator('#latency-rows tr').count(), 7);
  });
});

test('an earlier run can be looked at, and left again', async () => {
  await over('running', async (page) => {
    const caption = page.locator('#timeline-caption');
    await page.locator('#run-choice option').nth(1).waitFor({ state: 'attached' });
    await page.locator('#run-choice').selectOption({ index: 1 });
    await caption.filter({ hasText: 'Devices over 1:29' }).waitFor();
    await page.locator('#run-choice').selectOption({ index: 0 });
    await caption.filter({ hasText: 'Devices over 2:11' }).waitFor();
  });
});

test('the page follows the files without being reloaded', async () => {
  await over('idle', async (page, theatre) => {
    await says(page, 'banner-word', 'Idle');
    theatre.become('stopped');
    await says(page, 'banner-word', 'Stopped');
    await page.locator('#timeline-chart canvas').waitFor();
    theatre.become('broken');
    await says(page, 'banner-word', 'Broken file');
    theatre.become('stopped');
    await says(page, 'banner-word', 'Stopped');
  });
});

test('rows that have not changed are not drawn again', async () => {
  await over('stopped', async (page, theatre) => {
    const row = await page.waitForSelector('#devices-rows tr');
    theatre.touch();
    await page.waitForResponse((response) => response.url().endsWith('/metrics') && response.status() === 200);
    await page.waitForResponse((response) => response.url().endsWith('/api/state'));
    assert.equal(await page.evaluate((element) => element.isConnected, row), true);
  });
});

test('a run that dies turns stale', async () => {
  await over('running', async (page, theatre) => {
    await says(page, 'banner-word', 'Running');
    await theatre.release();
    await says(page, 'banner-word', 'Stale');
    await says(page, 'tile-connected', '500');
  });
});

test('a server that went away is said, and found again', async () => {
  await over('stopped', async (page, theatre) => {
    await says(page, 'banner-word', 'Stopped');
    assert.equal(await theatre.stopServer(), 0);
    await says(page, 'banner-word', 'Not reachable');
    await says(page, 'tile-connected', '468');
    await theatre.startServer();
    await says(page, 'banner-word', 'Stopped');
  }, { mayFail: true }); // refused connections are the browser's to remark on
});

test('names and details from files are text and nothing else', async () => {
  await over('hostile', async (page) => {
    const names = page.locator('#devices-rows th');
    await names.first().waitFor();
    assert.equal(await names.first().textContent(), '<script>document.title="owned"</script>');
    assert.equal(await page.locator('#devices-rows img, #devices-rows script, #failures-rows b').count(), 0);
    assert.match(await page.title(), /^Running/);
  });
});

for (const width of [320, 390, 768, 1024, 2560]) {
  test(`nothing sticks out at a width of ${width}`, async () => {
    for (const state of ['stopped', 'hostile']) {
      await over(state, async (page) => {
        await page.locator('#devices-rows tr').first().waitFor();
        await page.locator('#timeline-chart canvas').waitFor();
        const overhang = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(overhang <= 0, `${state}: ${overhang} px`);
      }, { viewport: { width, height: 800 } });
    }
  });
}

for (const colorScheme of ['light', 'dark']) {
  test(`no serious finding of the accessibility checker, ${colorScheme}`, async () => {
    for (const state of ['idle', 'running', 'stopped', 'stale', 'broken']) {
      await over(state, async (page) => {
        await page.waitForFunction(() => document.querySelectorAll('.tile').length === 12);
        // Our policy forbids foreign scripts on the page, so the checker comes by the back door.
        await page.addScriptTag({ path: AXE });
        const { violations } = await page.evaluate(() => globalThis.axe.run());
        const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
        assert.deepEqual(serious.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`), [], state);
      }, { colorScheme, bypassCSP: true });
    }
  });
}

test('everything is reached by the keyboard', async () => {
  await over('running', async (page) => {
    await page.locator('#run-choice option').nth(1).waitFor({ state: 'attached' });
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.className), 'skip');
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'run-choice');
  });
});
