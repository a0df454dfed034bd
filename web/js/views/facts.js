import { make } from './dom.js';

/** The run's identity in the page's head. */
export function createFactsView(list) {
  let shown = '';
  return (metrics) => {
    const facts = [
      ['Run', metrics?.run_id],
      ['Engine', metrics?.engine],
      ['QoS', metrics?.run_id ? metrics.qos : null],
    ].filter(([, value]) => value !== undefined && value !== null && value !== '');
    const key = JSON.stringify(facts);
    if (key === shown) return;
    shown = key;
    list.replaceChildren(...facts.map(([name, value]) =>
      make('div', {}, make('dt', {}, name), make('dd', {}, String(value)))));
  };
}
