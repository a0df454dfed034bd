// Wiring: the store asks, models compute, views draw.

import { createApi } from './api.js';
import { bannerModel, generatorNotice } from './models/banner.js';
import { incidentCount, incidentRows, incidentsEmpty } from './models/devices.js';
import { failureRows, failuresEmpty } from './models/failures.js';
import { latencyRows } from './models/latency.js';
import { tilesModel } from './models/tiles.js';
import { createStore } from './store.js';
import { createBannerView } from './views/banner.js';
import { createBurstsView } from './views/bursts.js';
import { drawDevices } from './views/devices.js';
import { byId } from './views/dom.js';
import { createFactsView } from './views/facts.js';
import { drawFailures } from './views/failures.js';
import { drawLatency } from './views/latency.js';
import { createRunChoice } from './views/runs.js';
import { createTilesView } from './views/tiles.js';
import { createTimelineView } from './views/timeline.js';

const store = createStore({ api: createApi((path, options) => fetch(path, options)) });

const drawBanner = createBannerView();
const drawFacts = createFactsView(byId('facts'));
const drawTiles = createTilesView(byId('tiles'));
const drawTimeline = createTimelineView();
const drawBursts = createBurstsView();
const drawRunChoice = createRunChoice(byId('run-choice'), store.chooseRun);

store.subscribe((snapshot) => {
  const { metrics } = snapshot;
  drawBanner(bannerModel(snapshot), generatorNotice(metrics));
  drawFacts(metrics);
  drawTiles(tilesModel(snapshot));
  drawRunChoice(snapshot);
  drawTimeline(snapshot);
  drawFailures(failureRows(metrics), failuresEmpty(snapshot));
  drawBursts(metrics);
  drawLatency(latencyRows(metrics));
  drawDevices(incidentRows(metrics), incidentCount(metrics), incidentsEmpty(snapshot));
});

store.start();
