// Before the first picture: the reader's theme and language, so that nothing flashes, and the first
// two questions, so that the answers are there when the modules are. A classic script, because
// modules run only after the page has been read.
(() => {
  const root = document.documentElement;
  let kept = {};
  try {
    kept = { theme: localStorage.getItem('theme'), lang: localStorage.getItem('lang') };
  } catch { /* a browser that keeps nothing: the system's preference counts */ }
  if (kept.theme) root.dataset.theme = kept.theme;
  const wanted = (navigator.languages ?? []).map((tag) => tag.slice(0, 2)).find((tag) => tag === 'en' || tag === 'es');
  root.lang = kept.lang || wanted || 'en';
  if (root.lang === 'es') document.head.append(Object.assign(document.createElement('link'), { rel: 'modulepreload', href: '/js/es.js' }));

  const run = new URLSearchParams(location.hash.slice(1)).get('run');
  globalThis.asked = Object.fromEntries(['/api/summary', '/api/timeline'].map((path) => {
    const address = run ? `${path}?${new URLSearchParams({ run })}` : path;
    const answer = fetch(address, { cache: 'no-store', priority: 'high', signal: AbortSignal.timeout(10_000) });
    answer.catch(() => {}); // whoever takes it is told
    return [address, answer];
  }));
})();
