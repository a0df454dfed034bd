// Wiring: the store asks, models compute, views draw.

import { createApi } from './api.js';
import { ago } from './format.js';
import { readLink, writeLink } from './link.js';
import { bannerModel } from './models/banner.js';
import { latencyRows } from './models/latency.js';
import { tilesModel } from './models/tiles.js';
import { createStore } from './store.js';
import { createBannerView } from './views/banner.js';
import { createBurstsView } from './views/bursts.js';
import { createCopyButtons } from './views/copy_buttons.js';
import { byId, setText } from './views/dom.js';
import { createFactsView } from './views/facts.js';
import { createFailuresView } from './views/failures.js';
import { drawLatency } from './views/latency.js';
import { whenWanted } from './views/lazy.js';
import { createRunChoice } from './views/run_choice.js';
import { createSwitches } from './views/switches.js';
import { createTilesView } from './views/tiles.js';
import { createTimelineView } from './views/timeline.js';
import { loadWords, t, translatePage } from './words.js';

await loadWords();
translatePage();
createSwitches();

const store = createStore({
  api: createApi((path, options) => fetch(path, options)), choice: readLink(location.hash),
});

const chooseDevice = (device) => store.choose({ device });
const drawBanner = createBannerView();
const drawFacts = createFactsView(byId('facts'));
const drawTiles = createTilesView(byId('tiles'));
const drawTimeline = createTimelineView(store.detail);
const drawFailures = createFailuresView();
const drawBursts = createBurstsView((burst) => store.choose({ burst }));
const chooseRun = (run) => store.choose({ run });
const drawRunChoice = createRunChoice(chooseRun);
const drawGrid = whenWanted(byId('grid-card'), async () => {
  const { createGridView } = await import('./views/grid.js');
  return createGridView({ choose: chooseDevice });
});
const drawDevices = whenWanted(byId('devices-card'), async () => {
  const { createDevicesView } = await import('./views/devices.js');
  return createDevicesView({ arrange: store.arrange, choose: chooseDevice });
});
const drawRuns = whenWanted(byId('runs-card'), async () => (await import('./views/runs.js')).createRunsView());

let latest = null;
createCopyButtons(() => latest);

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
  drawLatency(latencyRows(metrics));
  drawRunChoice(snapshot);
  drawGrid(snapshot);
  drawDevices(snapshot);
  drawRuns(snapshot);
  const link = writeLink(snapshot.choice);
  if (link !== (location.hash || '#')) history.replaceState(null, '', link);
});

addEventListener('hashchange', () => store.choose(readLink(location.hash)));
setInterval(drawClocks, 500);
store.start();
