import { t } from '../words.js';
import { byId, make, setText } from './dom.js';

/** @param {() => import('../store.js').Snapshot} latest */
export function createCopyButtons(latest) {
  for (const slot of document.querySelectorAll('[data-copy]')) {
    const button = make('button', { class: 'quiet-button', type: 'button' }, t('Copy as CSV'));
    button.addEventListener('click', async () => {
      const { copyTable } = await import('./copy.js');
      const done = await copyTable(slot.dataset.copy, latest());
      setText(byId('announce'), done ? t('Copied.') : t('The browser does not allow copying.'));
      setText(button, done ? t('Copied.') : t('Not allowed'));
      setTimeout(() => setText(button, t('Copy as CSV')), 2000);
    });
    slot.append(button);
  }
}
