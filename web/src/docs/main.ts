import { mount } from 'svelte';
import '../shared/base.css';
import Docs from './Docs.svelte';

const root = document.getElementById('app');
if (root) mount(Docs, { target: root });
