// The page's language. English stands in the code itself; another language is a table from the
// English sentence to its own, so a sentence that is missing there shows in English.

let table = {};

/** The chosen language's tag, as the reader's browser has it where it fits: "es-MX". */
export function locale() {
  const lang = globalThis.document?.documentElement.lang ?? 'en';
  const known = (globalThis.navigator?.languages ?? []).find((tag) => tag.startsWith(lang));
  return known ?? lang;
}

/** Loads the table of the page's language; English needs none. */
export async function loadWords() {
  if (document.documentElement.lang === 'es') table = (await import('./es.js')).words;
}

/** For tests: another table. */
export function useWords(words) {
  table = words;
}

/** The sentence in the page's language, "{name}" replaced by what `args` has under it. */
export function t(sentence, args = {}) {
  return (table[sentence] ?? sentence).replace(/\{(\w+)\}/g, (whole, name) => args[name] ?? whole);
}

/** Translates what stands in the page itself: texts of [data-t], and the attributes named there. */
export function translatePage(root = document) {
  for (const element of root.querySelectorAll('[data-t]')) {
    for (const what of (element.dataset.t || 'text').split(' ')) {
      if (what === 'text') element.textContent = t(element.textContent.trim());
      else element.setAttribute(what, t(element.getAttribute(what)));
    }
  }
}
