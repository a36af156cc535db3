import { once } from 'node:events';
import type { Identity } from '@lethe/sealing';
import type { PieceHashes } from '../search/piece-matcher.js';
import { type Children, nextMessage, stop } from './children.js';

/** What a process that holds a token reveals about it. */
export interface TokenFacts {
  /** SHA-256 (hex) of the token, for the upstream. */
  sha256: string;
  hashes: PieceHashes;
}

/** What the minter needs to seal the token: fields of a verification and of `GET /v1/connectors`. */
export interface SealOrder {
  offer: string;
  identities: Identity[];
}

/** The minter's reply: the sealed token, or why it did not seal. Never the token itself. */
export type SealAnswer = { sealed: string } | { refused: string };

/** A one-shot process that created a token and is the only one that holds it. */
export interface Minter {
  facts: TokenFacts;
  pid: number;
  /** Seals the token for a slot. The process has ended when this returns. */
  seal(order: SealOrder): Promise<string>;
}

/** Starts the process that creates the registration token. */
export async function startMinter(children: Children): Promise<Minter> {
  const child = children.fork('../token/minter/main.js');
  const facts = await nextMessage<TokenFacts>(child);
  return {
    facts,
    pid: child.pid ?? -1,
    seal: async (order) => {
      const gone = once(child, 'exit');
      const answered = nextMessage<SealAnswer>(child);
      child.send(order);
      const answer = await answered;
      await gone;
      if ('refused' in answer) throw new Error(`the slot offer is not trusted: ${answer.refused}`);
      return answer.sealed;
    },
  };
}

/** The control: a process that holds a token of the same form in memory and in a file. The search must find it. */
export async function startHolder(
  children: Children,
  file: string,
): Promise<{ facts: TokenFacts; pid: number; stop(): Promise<void> }> {
  const child = children.fork('../token/holder/main.js', { DEMO_CONTROL_FILE: file });
  const facts = await nextMessage<TokenFacts>(child);
  return { facts, pid: child.pid ?? -1, stop: () => stop(child) };
}
