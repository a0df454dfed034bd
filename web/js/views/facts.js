import { t } from '../words.js';
import { pair, syncRows } from './dom.js';

/** The run's identity in the page's head. */
export function createFactsView(list) {
  return ({ metrics, runId }) => {
    const facts = [['Run', runId], ['Engine', metrics?.engine], ['QoS', runId ? metrics?.qos : null]];
    syncRows(list, facts.filter(([, value]) => (value ?? '') !== '').map(([name, value]) => [t(name), String(value)]), pair);
  };
}
