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
  let lastMetrics = { tag: null, value: null };

  async function ask(path, headers = {}) {
    const response = await fetchFn(path, {
      headers,
      cache: 'no-store',
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (response.ok || response.status === 304) return response;
    const body = await response.json().catch(() => null);
    throw new ApiError(response.status, body?.error ?? `the server answered ${response.status}`);
  }

  return {
    state: async () => (await ask('/api/state')).json(),

    runs: async () => (await (await ask('/api/runs')).json()).runs,

    /** Rows of a run's timeline after `from` seconds; all of them without it. */
    async timeline(runId, from) {
      const query = new URLSearchParams({ run: runId });
      if (from !== undefined) query.set('from', String(from));
      return (await ask(`/api/timeline?${query}`)).json();
    },

    /** The same object as before when the file has not changed. */
    async metrics() {
      const headers = lastMetrics.tag ? { 'If-None-Match': lastMetrics.tag } : {};
      const response = await ask('/metrics', headers);
      if (response.status !== 304) {
        lastMetrics = { tag: response.headers.get('ETag'), value: await response.json() };
      }
      return lastMetrics.value;
    },
  };
}
