import { CREDENTIAL_USES } from '@lethe/contracts';
import type { Command } from 'commander';
import { plainText } from './argv-rules.js';
import {
  credentialUse,
  hintName,
  HINTS,
  includeValue,
  itemGlob,
  itemName,
  tagName,
  tagNames,
  withValue,
} from './command-line/curation-values.js';

/** Collects the tags of a flag that may be given several times. */
export const collectTag: (text: string, earlier?: string[]) => string[] = list(tagName);

const LOGIN_CLIENT = 'the client by which people log in: a public id, or the https URL of its metadata document';
const LOGIN_ISSUER = 'the authorization server that knows this client, exactly as the upstream names it';

/** Flags about the tags of a gateway and its items, about the client of logins, and about what its tools say of themselves. */
export function withGatewayTags(command: Command): Command {
  return command
    .option('--tag <tag>', 'may be given several times', collectTag)
    .option(
      '--item-tag <kind:names=tags>',
      'tags for items, such as tool:repo_*=repos; may be given several times',
      list((text) => globTags(text)),
    )
    .option('--trust-hints', 'believe what its tools say about themselves (annotations)')
    .option('--login-client-id <id>', LOGIN_CLIENT, plainText('--login-client-id'))
    .option('--login-issuer <url>', LOGIN_ISSUER, plainText('--login-issuer'));
}

/** Flags that narrow rules about what a virtual server includes. */
export function withRuleLimits(command: Command): Command {
  return command
    .option(
      '--with-tag <tag>',
      'of what is included, only items with this tag; may be given several times, for any of them',
      collectTag,
    )
    .option(
      '--with-hint <hint>',
      `of what is included, only tools that say this about themselves, where that is believed (--trust-hints): ${Object.keys(HINTS).join(', ')}`,
      list(hintName),
    );
}

/** Flags of `lethe edit`, for both or for one of gateways and virtual servers. */
export function withEdits(command: Command): Command {
  const edited = command
    .option('--tag <tag>', 'add a tag; may be given several times, as all of these flags', collectTag)
    .option('--untag <tag>', 'take a tag away', collectTag)
    .option(
      '--item-tag <item=tags>',
      'tags for items, none take them away: <kind>:<names>=<tags> of a gateway, <gateway>/<name>=<tags> in a virtual server',
      list((text) => textTags(text)),
    )
    .option('--trust-hints', 'gateway: believe what its tools say about themselves (annotations)')
    .option('--no-trust-hints', 'gateway: do not believe it')
    .option('--login-client-id <id>', `gateway: ${LOGIN_CLIENT}`, plainText('--login-client-id'))
    .option('--login-issuer <url>', `gateway: ${LOGIN_ISSUER}`, plainText('--login-issuer'))
    .option('--hide <item>', 'virtual server: leave an item out, written as <gateway>/<name>', list(itemName))
    .option('--show <item>', 'virtual server: serve an item, also one that no rule includes', list(itemName))
    .option('--rename <item=name>', 'virtual server: the name that clients see', list(itemText('--rename', true)))
    .option('--describe <item=text>', 'virtual server: the description', list(itemText('--describe', false)))
    .option(
      '--read-only <item>',
      'virtual server: it only reads, for grants; <item>=false: it does not',
      list(readOnly),
    )
    .option('--reset <item>', 'virtual server: forget all that it says about an item', list(itemName))
    .option(
      '--include <what>',
      'virtual server: include <gateway>, <gateway>:<kinds> or <gateway>:<kinds>:<names>, such as github:tools:repo_*',
      list(includeValue),
    )
    .option('--include-tag <tag>', 'virtual server: include every gateway that carries this tag', collectTag)
    .option(
      '--credentials <gateway=use>',
      `virtual server: whose credential calls of a gateway have: ${CREDENTIAL_USES.join(', ')}`,
      list(credentialUse),
    );
  return withRuleLimits(edited);
}

/** Collects the values of a flag that may be given several times. */
function list<T>(read: (text: string) => T): (text: string, earlier?: T[]) => T[] {
  return (text, earlier = []) => [...earlier, read(text)];
}

function itemText(flag: string, isName: boolean) {
  return (text: string) => {
    const [item, value] = withValue(plainText(flag)(text), isName);
    return { item: itemName(item), value };
  };
}

function readOnly(text: string) {
  const [, item = text, value = 'true'] = /^(.+)=(true|false)$/s.exec(text) ?? [];
  return { item: itemName(item), value: value === 'true' };
}

function textTags(text: string) {
  const [what, tags] = withValue(text, true);
  return { what, tags: tagNames(tags) };
}

function globTags(text: string) {
  const { what, tags } = textTags(text);
  return { ...itemGlob(what), tags };
}
