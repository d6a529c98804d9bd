/** The platform's own buttons set a filter of the frame. */
import { connectFrame } from '../frame/frame';

const iframe = document.querySelector('iframe');
const buttons = [...document.querySelectorAll<HTMLButtonElement>('button[data-period]')];
const frame = iframe ? connectFrame(iframe) : null;

for (const button of buttons) {
  button.addEventListener('click', () => {
    for (const other of buttons) other.setAttribute('aria-pressed', String(other === button));
    frame?.set({ filters: { period: button.dataset['period'] ?? null } });
  });
}
