import { t } from '../words.js';
import { byId, make, setText } from './dom.js';

let latest = null; // what the page shows

/** @param {string} name  of the table that it copies: one of copy.js */
export function copyButton(name) {
  const button = make('button', { class: 'quiet-button', type: 'button' }, t('Copy as CSV'));
  button.addEventListener('click', async () => {
    const { copyTable } = await import('./copy.js');
    const done = await copyTable(name, latest);
    setText(byId('announce'), done ? t('Copied.') : t('The browser does not allow copying.'));
    setText(button, done ? t('Copied.') : t('Not allowed'));
    setTimeout(() => setText(button, t('Copy as CSV')), 2000);
  });
  return button;
}

/** A button in each place for one, which copies what its card shows. */
export function createCopyButtons() {
  for (const slot of document.querySelectorAll('[data-copy]:empty')) slot.append(copyButton(slot.dataset.copy));
  return (snapshot) => { latest = snapshot; };
}
