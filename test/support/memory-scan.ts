/** The demo's search, which the tests of the leak surfaces use as well. */
export { countCopies, countCopiesInFiles } from '../../apps/demo/src/search/search.js';
