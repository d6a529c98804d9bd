import { mount } from 'svelte';
import '../shared/base.css';
import App from './App.svelte';
import { Board } from './lib/board.svelte';
import { reportHeight } from './lib/host';

const root = document.getElementById('app');
if (root) {
  const board = new Board();
  addEventListener('hashchange', () => board.readdress());
  mount(App, { target: root, props: { board } });
  reportHeight(root);
  void board.start();
}
