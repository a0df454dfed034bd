// Wiring: the store asks, models compute, views draw.

import { createApi } from './api.js';
import { ago } from './format.js';
import { readLink, writeLink } from './link.js';
import { bannerModel } from './models/banner.js';
import { tilesModel } from './models/tiles.js';
import { createStore } from './store.js';
import { createBannerView } from './views/banner.js';
import { byId, setText } from './views/dom.js';
import { createFactsView } from './views/facts.js';
import { createFailuresView } from './views/failures.js';
import { loadStyle, whenWanted } from './views/lazy.js';
import { createRunChoice } from './views/run_choice.js';
import { createSwitches } from './views/switches.js';
import { createTilesView } from './views/tiles.js';
import { createTimelineView } from './views/timeline.js';
import { loadWords, t, translatePage } from './words.js';

await loadWords();
translatePage();
createSwitches();

/** A request, or the answer to the same one that first.js has sent ahead. */
function ask(path, options) {
  const early = globalThis.asked[path];
  delete globalThis.asked[path];
  return early ?? fetch(path, options);
}

const store = createStore({ api: createApi(ask), choice: readLink(location.hash) });

const chooseDevice = (device) => store.choose({ device });
const drawBanner = createBannerView();
const drawFacts = createFactsView(byId('facts'));
const drawTiles = createTilesView(byId('tiles'));
const drawTimeline = createTimelineView(store.detail);
const drawFailures = createFailuresView();
const drawRunChoice = createRunChoice((run) => store.choose({ run }));
// Below the first figures: each card's view, and from the server's cards on their style sheet.
const drawBursts = whenWanted(byId('bursts-card'), async () => {
  const { createBurstsView } = await import('./views/bursts.js');
  return createBurstsView((burst) => store.choose({ burst }));
});
const drawLatency = whenWanted(byId('latency-card'), async () => (await import('./views/latency.js')).drawLatency);
const lower = (id, load) => whenWanted(byId(id), async () => {
  const [view] = await Promise.all([load(), loadStyle('/css/below.css')]);
  return view;
});
const drawServer = lower('grid-card', async () => (await import('./views/server.js')).createServerView());
const drawGrid = lower('grid-card', async () => (await import('./views/grid.js')).createGridView({ choose: chooseDevice }));
const drawDevices = lower('devices-card', async () => {
  const { createDevicesView } = await import('./views/devices.js');
  return createDevicesView({ arrange: store.arrange, choose: chooseDevice });
});
const drawRuns = lower('runs-card', async () => (await import('./views/runs.js')).createRunsView());

const offerCopies = whenWanted(byId('main'), async () => (await import('./views/copy_buttons.js')).createCopyButtons());

let latest = null;

/** What goes on between two polls: the countdown, the elapsed time, the age of the figures. */
function drawClocks() {
  if (!latest) return;
  drawTiles(tilesModel(latest, store.now()));
  const { updated_at: at } = latest.metrics ?? {};
  setText(byId('banner-age'), latest.isCurrent && at > 0 ? t('updated {ago}', { ago: ago(store.now() - at) }) : '');
}

store.subscribe((snapshot) => {
  latest = snapshot;
  const { metrics } = snapshot;
  drawBanner(bannerModel(snapshot), metrics);
  drawFacts(snapshot);
  drawClocks();
  drawTimeline(snapshot);
  drawFailures(snapshot);
  drawBursts(snapshot);
  drawLatency(snapshot);
  drawServer(snapshot);
  drawRunChoice(snapshot);
  drawGrid(snapshot);
  drawDevices(snapshot);
  drawRuns(snapshot);
  offerCopies(snapshot);
  const link = writeLink(snapshot.choice);
  if (link !== (location.hash || '#')) history.replaceState(null, '', link);
});

addEventListener('hashchange', () => store.choose(readLink(location.hash)));
setInterval(drawClocks, 500);
store.start();
