// node screenshots.mjs FOLDER: pictures of the page over prepared runs, for the documents.

import { join } from 'node:path';

import { launchBrowser, stage } from './stage.mjs';

const [folder] = process.argv.slice(2);
const SHOTS = [
  { file: 'dashboard-light.png', state: 'stopped', colorScheme: 'light', width: 1280, height: 800 },
  { file: 'dashboard-dark.png', state: 'running', colorScheme: 'dark', width: 1280, height: 800 },
  { file: 'dashboard-devices.png', state: 'fleet', colorScheme: 'light', width: 1280, height: 720, hash: '#device=sim-7920', card: '#grid-card', ready: '#device-history li' },
  { file: 'dashboard-server.png', state: 'observed', colorScheme: 'light', width: 1280, height: 720, card: '#server-cards', ready: '#figures-chart canvas' },
  { file: 'dashboard-phone.png', state: 'stopped', colorScheme: 'dark', width: 390, height: 844 },
];

const browser = await launchBrowser();
for (const { file, state, colorScheme, width, height, hash = '', card, ready } of SHOTS) {
  const theatre = await stage(state, {});
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, locale: 'en-GB', reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(theatre.url + hash);
  await page.locator('#timeline-chart canvas').waitFor();
  await page.mouse.move(2, 2);
  await page.locator('#devices-rows tr').first().waitFor({ state: 'attached', timeout: 5000 }).catch(() => {});
  const target = card ? page.locator(card) : page;
  if (card) await page.locator(ready).first().waitFor();
  await target.screenshot({ path: join(folder, file) });
  await context.close();
  await theatre.end();
}
await browser.close();
