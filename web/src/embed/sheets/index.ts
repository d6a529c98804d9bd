/** Everything that opens from a button, in one script that is loaded when the first of them is wanted. */
export { default as DatePick } from './DatePick.svelte';
export { default as DateRange } from './DateRange.svelte';
export { default as Download } from './Download.svelte';
export { default as Many } from './Many.svelte';
export { default as Select } from './Select.svelte';
export { sheetWords } from '../messages/sheets';
