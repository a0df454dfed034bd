// Before the first picture: the reader's theme and language, so that nothing flashes. A classic
// script, because modules run only after the page has been read.
(() => {
  const root = document.documentElement;
  let kept = {};
  try {
    kept = { theme: localStorage.getItem('theme'), lang: localStorage.getItem('lang') };
  } catch { /* a browser that keeps nothing: the system's preference counts */ }
  if (kept.theme) root.dataset.theme = kept.theme;
  const wanted = (navigator.languages ?? []).map((tag) => tag.slice(0, 2)).find((tag) => tag === 'en' || tag === 'es');
  root.lang = kept.lang || wanted || 'en';
})();
