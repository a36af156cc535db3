import { chosenApp } from './apps.mjs';

await import(new URL(`../../${chosenApp().entry}`, import.meta.url).href);
