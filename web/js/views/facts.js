import { t } from '../words.js';
import { pair } from './dom.js';

/** The run's identity in the page's head. */
export function createFactsView(list) {
  let shown = '';
  return ({ metrics, runId }) => {
    const facts = [
      ['Run', runId],
      ['Engine', metrics?.engine],
      ['QoS', runId ? metrics?.qos : null],
    ].filter(([, value]) => value !== undefined && value !== null && value !== '');
    const key = JSON.stringify(facts);
    if (key === shown) return;
    shown = key;
    list.replaceChildren(...facts.map(([name, value]) => pair([t(name), String(value)])));
  };
}
