// Asks the dashboard's server. The only module that knows its paths.

/** The server answered, and not with success. Other errors mean that it cannot be reached. */
export class ApiError extends Error {
  constructor(status, sentence) {
    super(sentence);
    this.status = status;
  }
}

/**
 * @param {typeof fetch} fetchFn
 * @param {number} timeoutMs  for one request; then the server counts as unreachable
 */
export function createApi(fetchFn, timeoutMs = 10_000) {
  const last = new Map(); // path -> the answer of its latest query, with its tag
  let ahead = 0; // the server's clock before ours, in seconds

  /** The same object as before when nothing has changed. */
  async function ask(path, query = {}) {
    const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
    const address = given.length ? `${path}?${new URLSearchParams(given)}` : path;
    const known = last.get(path);
    const response = await fetchFn(address, {
      headers: known?.address === address && known.tag ? { 'If-None-Match': known.tag } : {},
      cache: 'no-store',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const now = Number(response.headers.get('Server-Time'));
    if (now > 0) ahead = now - Date.now() / 1000;
    if (response.status === 304) return known.value;
    const value = await response.json().catch(() => null);
    if (!response.ok || !value) {
      throw new ApiError(response.status, value?.error ?? `the server answered ${response.status}`);
    }
    last.set(path, { address, tag: response.headers.get('ETag'), value });
    return value;
  }

  return {
    /** Unix seconds by the server's clock. */
    now: () => Date.now() / 1000 + ahead,
    summary: (run, since) => ask('/api/summary', { run, since }),
    timeline: (run, range = {}) => ask('/api/timeline', { run, ...range }),
    bursts: (run, since) => ask('/api/bursts', { run, since }),
    devices: (run, since) => ask('/api/devices', { run, since }),
    names: async (run) => (await ask('/api/names', { run })).names,
    device: (run, index) => ask('/api/device', { run, index }),
    incidents: (run, wanted) => ask('/api/incidents', { run, ...wanted }),
    server: (run) => ask('/api/server', { run }),
    runs: () => ask('/api/runs'),
  };
}
