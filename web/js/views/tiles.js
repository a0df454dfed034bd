import { make, setText, setTone } from './dom.js';

/** Draws the key figures; a tile is made once and then only its text changes. */
export function createTilesView(list) {
  const parts = new Map();

  function build({ id, label }) {
    const figure = make('span', { class: 'value' });
    const unit = make('span', { class: 'unit' });
    const note = make('dd', { class: 'note' });
    const box = make('div', { class: 'tile', id: `tile-${id}` },
      make('dt', {}, label), make('dd', { class: 'figure' }, figure, unit), note);
    list.append(box);
    parts.set(id, { box, figure, unit, note });
    return parts.get(id);
  }

  return (tiles) => {
    for (const tile of tiles) {
      const { box, figure, unit, note } = parts.get(tile.id) ?? build(tile);
      setText(figure, tile.value);
      setText(unit, tile.unit);
      setText(note, tile.note);
      setTone(box, tile.tone);
    }
  };
}
