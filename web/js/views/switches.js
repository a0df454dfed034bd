// The reader's own settings: theme and language. Kept in this browser alone.

import { byId, themeChanged } from './dom.js';

function keep(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch { /* private windows: it holds for this page */ }
}

export function createSwitches() {
  const root = document.documentElement;
  const theme = byId('theme');
  theme.value = root.dataset.theme ?? '';
  theme.addEventListener('change', () => {
    if (theme.value) root.dataset.theme = theme.value;
    else delete root.dataset.theme;
    keep('theme', theme.value);
    themeChanged();
  });

  // Paper is white, and what is drawn on a canvas knows no style sheet for print.
  matchMedia('print').addEventListener('change', ({ matches }) => {
    if (matches) root.dataset.theme = 'light';
    else if (theme.value) root.dataset.theme = theme.value;
    else delete root.dataset.theme;
    themeChanged();
  });

  const language = byId('language');
  language.value = root.lang;
  language.addEventListener('change', () => {
    keep('lang', language.value);
    location.reload(); // every word of the page is another one; the address keeps the place
  });
}
