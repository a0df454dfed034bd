// Words, links and CSV.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import test from 'node:test';

import { toCsv } from '../../../web/js/csv.js';
import { words } from '../../../web/js/es.js';
import { readLink, writeLink } from '../../../web/js/link.js';
import { t, useWords } from '../../../web/js/words.js';

const WEB = new URL('../../../web/', import.meta.url);
const scripts = ['js/', 'js/models/', 'js/views/'].flatMap((folder) =>
  readdirSync(new URL(folder, WEB)).filter((name) => name.endsWith('.js') && name !== 'es.js').map((name) => folder + name));

test('a sentence takes its words, and a missing one shows in English', (context) => {
  context.after(() => useWords({}));
  useWords({ 'burst {k}': 'ráfaga {k}' });
  assert.equal(t('burst {k}', { k: 5 }), 'ráfaga 5');
  assert.equal(t('other {k}', { k: 5 }), 'other 5');
  assert.equal(t('{k} {odd}', { k: '{odd}' }), '{odd} {odd}');
});

test('every sentence of the page is there in Spanish', () => {
  const missing = [];
  const need = (sentence) => sentence && !(sentence in words) && missing.push(sentence);
  for (const name of scripts) {
    const code = readFileSync(new URL(name, WEB), 'utf8');
    for (const [, sentence] of code.matchAll(/\bt\(\s*'([^']+)'/g)) need(sentence);
    for (const [, word] of code.matchAll(/\b(?:word|label): '([^']+)'/g)) if (/[a-z]{4}/.test(word)) need(word);
    for (const [, list] of code.matchAll(/const HEAD = \[([^\]]+)\]/g)) list.match(/[^', ][^']*/g).filter((word) => /\w/.test(word)).forEach(need);
  }
  const page = readFileSync(new URL('index.html', WEB), 'utf8');
  for (const [, sentence] of page.matchAll(/<[^>]*\sdata-t(?:>|\s[^>]*>)([^<]+)</g)) need(sentence.trim());
  for (const [tag, names] of page.matchAll(/<[^>]*\sdata-t="([^"]+)"[^>]*>/g)) {
    for (const name of names.split(' ')) need(tag.match(new RegExp(`${name}="([^"]+)"`))?.[1]);
  }
  assert.deepEqual(missing, []);
});

test('every sentence of the server’s banner is there in Spanish, with the same places', () => {
  const source = readFileSync(new URL('../src/dashboard/banner.cpp', WEB), 'utf8').replace(/"\s*\n\s*"/g, '');
  const sentences = [...source.matchAll(/"([A-Z][^"]*[.!][^"]*|metrics\.json cannot[^"]*)"/g)].map(([, text]) => text);
  assert.ok(sentences.length > 20);
  assert.deepEqual(sentences.filter((sentence) => !(sentence in words)), []);
  for (const [english, spanish] of Object.entries(words)) {
    const places = (text) => (text.match(/\{\w+\}/g) ?? []).sort();
    assert.deepEqual(places(spanish), places(english), english);
  }
});

test('the page loads at once exactly what its first picture imports', () => {
  const imports = new Set();
  const follow = (name) => {
    if (imports.has(name)) return;
    imports.add(name);
    const code = readFileSync(new URL(name, WEB), 'utf8');
    for (const [, path] of code.matchAll(/^(?:import|export)[^;]*?from '([^']+)';/gm)) {
      follow(new URL(path, new URL(name, WEB)).pathname.replace(WEB.pathname, ''));
    }
  };
  follow('js/main.js');
  const page = readFileSync(new URL('index.html', WEB), 'utf8');
  const loaded = [...page.matchAll(/rel="modulepreload" href="\/([^"]+)"/g)].map(([, name]) => name);
  assert.deepEqual([...loaded, 'js/main.js'].sort(), [...imports].sort());
});

test('a link keeps what it was made of', () => {
  for (const choice of [{ run: '', device: '', burst: '' }, { run: '20261123T101500Z-4f2a', device: 'a&b=#ü', burst: '12' }]) {
    assert.deepEqual(readLink(writeLink(choice)), choice);
  }
  assert.deepEqual(readLink('#x=1&&%'), { run: '', device: '', burst: '' });
});

test('CSV quotes what needs it, and no name becomes a formula', () => {
  assert.equal(toCsv([['a', 'b'], ['x,"y"', 'line\nend'], [null, -5]]), 'a,b\r\n"x,""y""","line\nend"\r\n,-5\r\n');
  assert.equal(toCsv([['=1+1'], ['@x'], ['-x']]), '\'=1+1\r\n\'@x\r\n\'-x\r\n');
});
