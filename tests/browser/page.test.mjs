// The whole page, as a reader sees it, over prepared data directories.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';

import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

import { EARLIER_RUN_ID, RUN_ID, moreEvents } from './fixtures/make.mjs';
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
  const { refreshMs, mayFail = false, hash = '', isStill = false, ...contextOptions } = options;
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
    page.setDefaultTimeout(15_000);
    await page.goto(theatre.url + hash);
    if (!isStill) await page.mouse.move(2, 2); // what lies below comes with the reader's first move
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
  test(`${state}: the banner says so, the window's title too, and nothing is left in English for a Spanish reader`, async () => {
    await over(state, async (page) => {
      await says(page, 'banner-word', word);
      await says(page, 'banner-message', message);
      assert.match(await page.title(), new RegExp(`^${word}`));
      await page.locator('#language').selectOption('es');
      await page.locator('html[lang=es] #tile-elapsed').waitFor();
      await page.mouse.move(4, 4);
      await says(page, 'runs-title', 'Pruebas');
      // But for the run's own words, which say what they are.
      const text = await page.evaluate(() => {
        document.querySelectorAll('main [lang=en], #failures-rows, #devices-rows').forEach((each) => each.remove());
        return document.querySelector('main').innerText;
      });
      assert.doesNotMatch(text, /\b(the|and|of|with|not|devices?|burst|run is|yet)\b/i);
    });
  });
}

test('a running fleet is shown in figures and as a chart of the whole run', async () => {
  await over('running', async (page) => {
    await says(page, 'verdict', 'The server kept up');
    await says(page, 'tile-throughput', '500msg/s');
    await says(page, 'tile-p99', '12.8ms');
    await says(page, 'tile-ratio', 'still under way');
    await says(page, 'timeline-chart-legend', 'Connected500');
    await page.locator('#timeline-chart canvas').waitFor();
    await says(page, 'timeline-caption', 'Devices over 2:11');
    await page.locator('#bursts-chart canvas').waitFor();
    await page.locator('#course-chart canvas').waitFor();
    await says(page, 'bursts-count', 'bursts 10 to 129, all on time');
    await says(page, 'burst-title', 'Burst 129, the last one');
    await says(page, 'failures-empty', 'No failures');
  });
});

test('the first screen says whether it runs, whether the server keeps up, and who fails', async () => {
  await over('stopped', async (page) => {
    await page.locator('#failures-rows tr').first().waitFor();
    for (const id of ['banner-word', 'verdict-word', 'tiles', 'timeline-chart', 'failures-rows']) {
      const box = await page.locator(`#${id}`).boundingBox();
      assert.ok(box && box.y + Math.min(box.height, 300) <= 800, id);
    }
  }, { viewport: { width: 1280, height: 800 } });
});

test('failures and incidents are listed, the most important first', async () => {
  await over('stopped', async (page) => {
    await says(page, 'verdict', 'The fleet collapsed');
    await says(page, 'thresholds', 'crossed: 91.27 %');
    const failures = page.locator('#failures-rows tr');
    await failures.first().waitFor();
    assert.equal(await failures.count(), 5);
    assert.match(await failures.first().innerText(), /488\s+network at publish\s+connection reset/);
    await says(page, 'devices-count', '40 of');
    assert.equal(await page.locator('#devices-rows tr').count(), 40);
    await says(page, 'tile-collapse', 'back at');
    await says(page, 'bursts-count', '7 marked late, slow or missed');
    assert.equal(await page.locator('#latency-rows tr').count(), 7);
  });
});

test('failures of one stage or bucket alone', async () => {
  await over('stopped', async (page) => {
    await page.locator('#failures-stage').selectOption('connect');
    await page.locator('#failures-rows tr').nth(2).waitFor();
    assert.equal(await page.locator('#failures-rows tr').count(), 3);
    await page.locator('#failures-bucket').selectOption('auth');
    await says(page, 'failures-count', '12 in all');
    await page.locator('#failures-stage').selectOption('');
    await page.locator('#failures-bucket').selectOption('');
    assert.equal(await page.locator('#failures-rows tr').count(), 5);
  });
});

test('the device table is searched and put in order', async () => {
  await over('stopped', async (page) => {
    const first = page.locator('#devices-rows tr').first();
    await first.waitFor();
    await page.locator('#devices-search').fill('CONNACK');
    await says(page, 'devices-count', '10 devices');
    await page.locator('#devices-head button', { hasText: 'Device' }).click();
    await first.filter({ hasText: 'sim-444' }).waitFor();
    await page.locator('#devices-head button', { hasText: 'Device' }).click();
    await first.filter({ hasText: 'sim-074' }).waitFor();
    assert.equal(await page.locator('#devices-head [aria-sort=ascending]').count(), 1);
    await page.locator('#devices-search').fill('nobody at all');
    await says(page, 'devices-empty', 'No device matches');
  });
});

test('a stretch of the timeline is zoomed into, second by second, in all charts, and left again', async () => {
  await over('fleet', async (page) => {
    const plot = page.locator('#timeline-chart .u-over');
    await plot.waitFor();
    await page.locator('#bursts-chart canvas').waitFor();
    const { x, y, width, height } = await plot.boundingBox();
    const detail = page.waitForResponse((response) => /api\/timeline.*from=.*to=/.test(response.url()));
    await page.mouse.move(x + width * 0.4, y + height / 2);
    await page.mouse.down();
    await page.mouse.move(x + width * 0.5, y + height / 2, { steps: 4 });
    await page.mouse.up();
    const { rows, thinned } = await (await detail).json();
    assert.ok(rows > 300 && rows < 420 && !thinned, `${rows} rows`);
    await says(page, 'timeline-hint', 'Double-click to see the whole run');
    await plot.dblclick({ position: { x: width / 2, y: height / 2 } });
    await says(page, 'timeline-hint', 'Drag to zoom');
  });
});

test('one click on the chart shows one burst, and the address keeps it', async () => {
  await over('stopped', async (page) => {
    const plot = page.locator('#bursts-chart .u-over');
    await plot.waitFor();
    const { width, height } = await plot.boundingBox();
    await plot.click({ position: { x: width / 2, y: height / 2 } });
    await page.waitForFunction(() => /burst=\d+/.test(location.hash));
    const k = (await page.evaluate(() => location.hash)).match(/burst=(\d+)/)[1];
    await says(page, 'burst-title', `Burst ${k}`);
    await page.locator('#burst-after').click();
    await says(page, 'burst-title', `Burst ${Number(k) + 1}`);
    await page.locator('#burst-last').click();
    await says(page, 'burst-title', 'the last one');
  });
});

test('a link leads to a device and a burst', async () => {
  await over('stopped', async (page) => {
    await says(page, 'burst-title', 'Burst 62');
    await says(page, 'burst-when', 'late');
    await says(page, 'device-name', 'sim-045');
    await says(page, 'device-history', 'no answer to CONNECT');
    await says(page, 'device-outcomes-text', 'Last 120 bursts: acknowledged 109');
    await page.locator('#device-close').click();
    await page.locator('#device').waitFor({ state: 'hidden' });
    assert.equal(await page.evaluate(() => location.hash), '#burst=62');
  }, { hash: '#device=sim-045&burst=62' });
});

test('every device is a cell: hover names it, a click tells its history, the keyboard reaches all', async () => {
  await over('stopped', async (page) => {
    const canvas = page.locator('#grid-canvas');
    await canvas.waitFor();
    await canvas.hover({ position: { x: 5, y: 5 } });
    await says(page, 'grid-tip', 'sim-001 · Connected');
    await canvas.click({ position: { x: 5, y: 5 } });
    await says(page, 'device-name', 'sim-001');
    await canvas.press('ArrowRight');
    await says(page, 'device-name', 'sim-002');
    await page.locator('#grid-search').fill('sim-074');
    await says(page, 'grid-found', '1 found');
    await page.locator('#grid-search').press('Enter');
    await says(page, 'device-name', 'sim-074');
    await says(page, 'device-history', 'auth at connect');
    await page.locator('#grid-legend button', { hasText: 'Failed' }).click();
    assert.equal(await page.locator('#grid-legend [aria-pressed=true]').innerText().then((text) => text.replace(/\s+/g, ' ')), 'Failed 10');
  });
});

test('fifteen thousand devices are shown, and their changes followed', async () => {
  await over('fleet', async (page, theatre) => {
    await says(page, 'grid-legend', 'Connected14,700');
    assert.match(await page.locator('#grid-canvas').getAttribute('aria-label'), /15,000 devices: connected 14,700, disconnected 200, failed 100/);
    appendFileSync(join(theatre.folder, 'runs', RUN_ID, 'events.ndjson'), moreEvents(50));
    await says(page, 'grid-legend', 'Connected14,750');
    await page.locator('#grid-search').fill('sim-15000');
    await page.locator('#grid-search').press('Enter');
    await says(page, 'device-name', 'sim-15000');
    await says(page, 'timeline-caption', '59:59');
  });
});

test('an earlier run can be looked at whole, and left again', async () => {
  await over('running', async (page) => {
    await page.locator('#run-choice option').nth(2).waitFor({ state: 'attached' });
    await page.locator('#run-choice').selectOption(EARLIER_RUN_ID);
    await says(page, 'banner-message', 'An earlier run');
    await says(page, 'timeline-caption', 'Devices over 1:29');
    await says(page, 'grid-legend', 'Connected200');
    await says(page, 'thresholds', 'passed: 12.8 ms');
    await page.locator('#run-choice').selectOption('');
    await says(page, 'banner-message', 'publishes at each due time');
    await says(page, 'timeline-caption', 'Devices over 2:11');
  });
});

test('a run that was killed is shown with totals and latencies rebuilt from its rows', async () => {
  await over('stopped', async (page) => {
    await page.locator('#runs-rows a', { hasText: '22 Nov' }).click();
    await says(page, 'banner-message', 'never wrote how it ended');
    await says(page, 'timeline-caption', 'Devices over 0:29');
    await says(page, 'runs-rows', 'no final word');
    await says(page, 'tile-ratio', '100%');
    await says(page, 'tile-p99', '2.00ms');
    await says(page, 'latency-head', '1,400 of 1,400');
    await says(page, 'bursts-count', 'bursts 0 to 27');
  });
});

test('runs are listed with their verdicts and reports, and two of them compared', async () => {
  await over('stopped', async (page) => {
    await page.locator('#runs-rows tr').nth(2).waitFor();
    await says(page, 'runs-rows', '✓ The server kept up');
    await says(page, 'runs-rows', '✕ The fleet collapsed');
    await page.locator(`[data-compare="${RUN_ID}"]`).press('Space');
    await says(page, 'runs-hint', 'Pick a second run');
    assert.equal(await page.evaluate(() => document.activeElement.dataset.compare), RUN_ID, 'the keyboard stays where it was');
    await page.locator(`[data-compare="${EARLIER_RUN_ID}"]`).check();
    await says(page, 'compare-rows', 'Acknowledged');
    assert.match(await page.locator('#compare-rows tr', { hasText: '91.27' }).innerText(), /99\.98 %\s+91\.27 %.*worse/s);
    await says(page, 'compare-command', `make_report --compare ${EARLIER_RUN_ID} ${RUN_ID}`);
    const [report] = await Promise.all([page.waitForEvent('popup'), page.locator('#runs-rows a', { hasText: 'report' }).first().click()]);
    await report.locator('h1', { hasText: 'The report' }).waitFor();
  });
});

test('what the server stored, how late, and its own figures are shown where a run has them', async () => {
  await over('observed', async (page) => {
    await says(page, 'verdict-word', 'The server lost what it had acknowledged');
    await says(page, 'first-trouble', '· first: its queue, from burst 12');
    await says(page, 'stored-verdict', '✕ 3 acknowledged messages are not stored');
    await says(page, 'stored-facts', '64,994 of 64,997');
    await says(page, 'stored-facts', 'sim-007, Burst 41');
    await says(page, 'stored-facts', '▲ grows by 400 ms a burst');
    await page.locator('#stored-chart canvas').waitFor();
    await page.locator('#figures-chart canvas').waitFor();
    await says(page, 'figures-chart-legend', 'Processor35.0 %Memory61.0 %');
    await says(page, 'figures-facts', 'Data points stored178,800');
    await says(page, 'figures-facts', 'Queue Main89,970 processed · ▲ 30 timed out');
    await says(page, 'causes', '▲ first: its queue, from burst 12: 30 of 90,000 messages timed out in its queue Main.');
    await says(page, 'causes', '▲ tenant message limit: 41 of 44');
  });
  await over('running', async (page) => {
    await says(page, 'grid-legend', 'Connected500');
    assert.equal(await page.locator('#server-cards').isVisible(), false);
    assert.equal(await page.locator('#causes-box').isVisible(), false);
  });
});

test('the countdown leads to the next burst', async () => {
  await over('waiting', async (page) => {
    await says(page, 'tile-interval', 'next in 7:4');
    await says(page, 'tile-interval', '130 of 6 bursts');
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
    await page.waitForResponse((response) => response.url().includes('/api/incidents') && response.status() === 200);
    await page.waitForResponse((response) => response.url().includes('/api/summary'));
    assert.equal(await page.evaluate((element) => element.isConnected, row), true);
  });
});

test('a run that dies turns stale', async () => {
  await over('running', async (page, theatre) => {
    await says(page, 'banner-word', 'Running');
    await theatre.release();
    await says(page, 'banner-word', 'Stale');
    await says(page, 'timeline-chart-legend', 'Connected500');
  });
});

test('a server that went away is said, and found again', async () => {
  await over('stopped', async (page, theatre) => {
    await says(page, 'timeline-chart-legend', 'Connected468');
    assert.equal(await theatre.stopServer(), 0);
    await says(page, 'banner-word', 'Not reachable');
    await says(page, 'timeline-chart-legend', 'Connected468');
    await theatre.startServer();
    await says(page, 'banner-word', 'Stopped');
  }, { mayFail: true }); // refused connections are the browser's to remark on
});

test('half-written and damaged files beside a whole one cost only themselves', async () => {
  await over('torn', async (page) => {
    await says(page, 'banner-word', 'Running');
    await says(page, 'timeline-caption', 'Devices over 2:11');
    await says(page, 'bursts-count', 'bursts 10 to 129');
    await says(page, 'grid-legend', 'Connected500');
    await page.locator('#runs-rows tr').nth(1).waitFor();
  });
});

test('names and details from files are text and nothing else', async () => {
  await over('hostile', async (page) => {
    const names = page.locator('#devices-rows th button');
    await names.first().waitFor();
    assert.equal(await names.first().textContent(), '<script>document.title="owned"</script>');
    assert.equal(await page.locator('#devices-rows img, #devices-rows script, #failures-rows b').count(), 0);
    await names.first().click();
    await says(page, 'device-name', '<script>');
    await page.locator('#grid-canvas').hover({ position: { x: 5, y: 5 } });
    await says(page, 'grid-tip', '<script>');
    // Stale, when a busy machine takes its time to come here.
    assert.match(await page.title(), /^(Running|Stale) – /);
  });
});

test('another theme, by the switch, stays after a reload', async () => {
  await over('stopped', async (page) => {
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await ground();
    await page.locator('#theme').selectOption('dark');
    assert.notEqual(await ground(), light);
    await page.reload();
    await says(page, 'banner-word', 'Stopped');
    assert.notEqual(await ground(), light);
    await page.locator('#theme').selectOption('');
    assert.equal(await ground(), light);
  });
});

test('Spanish by the browser’s language, English by the switch', async () => {
  await over('stopped', async (page) => {
    await says(page, 'banner-word', 'Detenida');
    await says(page, 'banner-message', 'La prueba ha terminado');
    await says(page, 'timeline-title', 'Dispositivos');
    await says(page, 'tile-ratio', '91,27');
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'es');
    await says(page, 'verdict-word', 'La flota colapsó');
    assert.equal(await page.locator('#verdict-sentence').getAttribute('lang'), 'en');
    await page.locator('#language').selectOption('en');
    await says(page, 'banner-word', 'Stopped');
    await says(page, 'timeline-title', 'Devices');
  }, { locale: 'es-ES' });
});

test('a table is copied as CSV', async () => {
  await over('stopped', async (page) => {
    await page.locator('#failures-rows tr').first().waitFor();
    await page.locator('[data-copy=failures] button').click();
    await says(page, 'announce', 'Copied');
    const text = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(text, /^count,stage,bucket,detail\r\n488,publish,network,connection reset by peer \(ECONNRESET\)\r\n/);
  }, { permissions: ['clipboard-read', 'clipboard-write'] });
});

test('the figures of a run that grows move nothing on the first screen', async () => {
  await over('running', async (page, theatre) => {
    await says(page, 'bursts-count', 'bursts 10 to 129');
    const places = () => page.evaluate(() => ['banner', 'tiles', 'timeline-chart', 'failures-title', 'bursts-card'].map((id) => {
      const { x, y, width } = document.getElementById(id).getBoundingClientRect();
      return [id, x, y, width].join(' ');
    }));
    const before = await places();
    theatre.become('stopping'); // other words, the same verdict
    await says(page, 'banner-word', 'Stopping');
    theatre.become('troubledRunning');
    await says(page, 'tile-ratio', '488 lost');
    await says(page, 'failures-rows', 'connection reset');
    assert.deepEqual(await places(), before);
  }, { viewport: { width: 1280, height: 800 } });
});

test('nothing sticks out, from a narrow phone to a wide screen', async () => {
  for (const [state, hash] of [['stopped', '#device=sim-045'], ['hostile', '#device=%232'], ['observed', '']]) {
    await over(state, async (page) => {
      await page.locator('#timeline-chart canvas').waitFor();
      await page.locator(hash ? '#device' : '#stored-chart canvas').waitFor();
      for (const width of [2560, 1024, 768, 390, 320]) {
        await page.setViewportSize({ width, height: 800 });
        await page.waitForFunction(() => document.querySelector('#timeline-chart .uplot').offsetWidth === document.getElementById('timeline-chart').clientWidth);
        // Each chart follows the new width in a frame of its own.
        await page.waitForFunction(() => document.documentElement.scrollWidth <= innerWidth)
          .catch(() => assert.fail(`${state} at ${width}`));
      }
    }, { hash });
  }
});

for (const [colorScheme, states] of [['light', ['idle', 'stopped', 'stale']], ['dark', ['running', 'observed', 'broken']]]) {
  test(`no serious finding of the accessibility checker, ${colorScheme}`, async () => {
    for (const state of states) {
      await over(state, async (page) => {
        await page.waitForFunction(() => document.querySelectorAll('.tile').length === 8);
        if (state === 'stopped') {
          await page.locator('#device-history li').first().waitFor();
          for (const id of [RUN_ID, EARLIER_RUN_ID]) await page.locator(`[data-compare="${id}"]`).check();
        }
        // Our policy forbids foreign scripts on the page, so the checker comes by the back door.
        await page.addScriptTag({ path: AXE });
        const { violations } = await page.evaluate(() => globalThis.axe.run());
        const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
        assert.deepEqual(serious.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`), [], state);
      }, { colorScheme, bypassCSP: true, hash: '#device=sim-045' });
    }
  });
}

test('everything is reached by the keyboard', async () => {
  await over('stopped', async (page) => {
    await page.locator('#devices-rows tr').first().waitFor();
    const reached = new Set();
    for (let presses = 0; presses < 40; ++presses) {
      await page.keyboard.press('Tab');
      reached.add(await page.evaluate(() => document.activeElement.id || document.activeElement.className));
    }
    for (const stop of ['skip', 'run-choice', 'theme', 'language', 'failures-stage', 'burst-before', 'grid-search', 'grid-canvas', 'devices-search']) {
      assert.ok(reached.has(stop), `${stop}: ${[...reached]}`);
    }
  });
});

test('a print has every card, on white, without what only a screen needs', async () => {
  await over('stopped', async (page) => {
    await page.locator('#devices-rows tr').first().waitFor();
    await page.emulateMedia({ media: 'print' });
    for (const gone of ['.switches', '.foot', '#devices-search', '[data-copy] button']) {
      assert.equal(await page.locator(gone).first().isVisible(), false, gone);
    }
    assert.equal(await page.locator('#devices-rows tr').last().isVisible(), true);
    assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), 'light');
    // The gap between two cells of the grid is drawn, not styled: it is white as well.
    const gapIs = (isWhite) => page.waitForFunction((wanted) => (document.getElementById('grid-canvas')
      .getContext('2d').getImageData(19, 19, 1, 1).data.every((part) => part === 255)) === wanted, isWhite);
    await gapIs(true);
    await page.emulateMedia({ media: 'screen' });
    await gapIs(false);
  }, { colorScheme: 'dark' });
});

test('an opened page weighs at most 150 KB, its chart library included', async () => {
  await over('stopped', async (page) => {
    await says(page, 'banner-word', 'Stopped');
    await page.locator('#course-chart canvas').waitFor();
    await page.locator('[data-copy=latency] button').waitFor();
    const weight = await page.evaluate(() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
      .filter(({ name }) => /\/$|\.(css|js)$/.test(new URL(name).pathname))
      .reduce((sum, { decodedBodySize }) => sum + decodedBodySize, 0));
    assert.ok(weight > 100_000 && weight <= 150_000, `${weight} bytes`);
  }, { isStill: true });
});
