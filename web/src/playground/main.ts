import { mount } from 'svelte';
import '../shared/base.css';
import Playground from './Playground.svelte';

const root = document.getElementById('app');
if (root) mount(Playground, { target: root });
