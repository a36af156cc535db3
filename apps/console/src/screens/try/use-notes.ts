import { useState } from 'react';
import type { Exchange, Notice } from './client/trial.js';

/** What was said and which requests were made since a call began. */
export interface Notes {
  notices: readonly Notice[];
  exchanges: readonly Exchange[];
  onNotice: (notice: Notice) => void;
  onExchange: (exchange: Exchange) => void;
  /** Forgets what was before; a call begins. */
  clear: () => void;
}

/** The most that is kept: an upstream may send any number of notifications. */
const MOST = 200;

/** Notes down what happens during a call. */
export function useNotes(): Notes {
  const [notices, setNotices] = useState<readonly Notice[]>([]);
  const [exchanges, setExchanges] = useState<readonly Exchange[]>([]);
  return {
    notices,
    exchanges,
    onNotice: (notice) => setNotices((before) => [...before, notice].slice(-MOST)),
    onExchange: (exchange) => setExchanges((before) => [...before, exchange].slice(-MOST)),
    clear: () => {
      setNotices([]);
      setExchanges([]);
    },
  };
}
