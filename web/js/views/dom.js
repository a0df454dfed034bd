// The few things that views do to the page. Text from files only ever becomes a text node.

/** Writes only what differs, so that nothing is announced or laid out again for nothing. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function setTone(element, tone) {
  if (tone) element.dataset.tone = tone;
  else delete element.dataset.tone;
}

/** An element with attributes and children; strings become text nodes. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** A label and its value in a description list. */
export const pair = ([label, value]) => make('div', {}, make('dt', {}, label), make('dd', {}, value));

const shown = new WeakMap(); // row element -> what it shows

/** Takes over the cells that differ, so that the focus in the others stays; or the whole row. */
function refresh(row, fresh) {
  const cells = [...row.children];
  const news = [...fresh.children];
  if (cells.length !== news.length || !row.cloneNode().isEqualNode(fresh.cloneNode())) {
    row.replaceWith(fresh);
    return fresh;
  }
  cells.forEach((cell, i) => { if (!cell.isEqualNode(news[i])) cell.replaceWith(news[i]); });
  return row;
}

/**
 * Makes a table's body show these rows, touching only the cells that differ: a reader's place,
 * focus and selection stay.
 */
export function syncRows(body, rows, makeRow) {
  rows.forEach((row, i) => {
    const key = JSON.stringify(row);
    const present = body.children[i];
    if (present && shown.get(present) === key) return;
    const fresh = makeRow(row);
    shown.set(present ? refresh(present, fresh) : fresh, key);
    if (!present) body.append(fresh);
  });
  while (body.children.length > rows.length) body.lastElementChild.remove();
}

/** Shows a table with its rows, or in its place the sentence that says why there are none. */
export function showTable(id, isEmpty, emptyText) {
  byId(`${id}-scroll`).hidden = isEmpty;
  byId(`${id}-empty`).hidden = !isEmpty;
  if (emptyText !== undefined) setText(byId(`${id}-empty`), emptyText);
}

/** Makes a select offer these values, the first option being "all of them". */
export function syncOptions(select, values) {
  const key = values.join('\n');
  if (select.dataset.key === key) return;
  const { value } = select;
  select.dataset.key = key;
  select.replaceChildren(select.options[0], ...values.map((each) => make('option', { value: each }, each)));
  select.value = values.includes(value) ? value : '';
}

const SVG = 'http://www.w3.org/2000/svg';

export function makeSvg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

export const byId = (id) => document.getElementById(id);

/** A colour of the style sheet, as a canvas takes it: resolved for the theme in use. */
export function cssColor(name) {
  const probe = byId('probe');
  probe.style.color = `var(${name})`;
  return getComputedStyle(probe).color;
}

export function cssValue(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

const redraws = new Set();

/** What is drawn, not styled, is drawn anew when the theme changes: by the switch or the system. */
export function onTheme(redraw) {
  redraws.add(redraw);
}

export const themeChanged = () => redraws.forEach((redraw) => redraw());
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', themeChanged);
