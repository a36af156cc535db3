import { APP } from './texts.js';

/** The screens that the navigation and the palette offer. */
export const SCREENS = [
  { to: '/', name: APP.home },
  { to: '/gateways', name: APP.gateways },
  { to: '/catalogue', name: APP.catalogue },
  { to: '/servers', name: APP.servers },
  { to: '/connect', name: APP.connect },
  { to: '/try', name: APP.try },
  { to: '/activity', name: APP.activity },
  { to: '/keys', name: APP.keys },
  { to: '/audit', name: APP.audit },
  { to: '/administrators', name: APP.administrators },
  { to: '/settings', name: APP.settings },
] as const;
