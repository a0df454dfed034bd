// What the cards below the first screen are made of.

import { copyButton } from './copy_buttons.js';
import { byId, make } from './dom.js';

/** Puts its parts into a card that was kept empty until it was wanted. */
export function fillCard(id, ...parts) {
  const card = byId(`${id}-card`);
  card.setAttribute('aria-labelledby', `${id}-title`);
  card.append(...parts);
}

/** A card's title, and what stands beside it. */
export function cardHead(id, title, ...beside) {
  return make('div', { class: 'card-head' }, make('h2', { id: `${id}-title` }, title), ...beside);
}

export const countBeside = (id) => make('span', { class: 'count', id, role: 'status' });

/** @param {string} name  of the table that it copies */
export const copyBeside = (name) => make('span', { 'data-copy': name }, copyButton(name));

export function searchBeside(id, what) {
  return make('label', {}, make('span', { class: 'visually-hidden' }, what),
    make('input', { id, type: 'search', placeholder: what, autocomplete: 'off', spellcheck: 'false' }));
}

/** What stands in the place of a table, or a picture, that has nothing in it. */
export const emptyNote = (id, sentence = '') => make('p', { class: 'empty', id: `${id}-empty`, hidden: '' }, sentence);

/** A table that scrolls in its card; its rows go into `${id}-rows`. */
export function tableIn(id, headRow) {
  return make('div', { class: 'scroll', id: `${id}-scroll`, tabindex: '0', role: 'region', 'aria-labelledby': `${id}-title`, hidden: '' },
    make('table', { class: id }, make('thead', { id: `${id}-head` }, headRow), make('tbody', { id: `${id}-rows` })));
}
