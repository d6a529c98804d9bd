import { mount } from 'svelte';
import '../shared/base.css';
import Demo from './Demo.svelte';

const root = document.getElementById('app');
if (root) mount(Demo, { target: root });
