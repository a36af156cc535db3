import { join } from 'node:path';
import ts from 'typescript';
import { type Shape, shapeOf } from './shape.js';

/** Every type that one service writes and another one, or a later version, reads; by the file that declares it. */
const CONTRACTS: Record<string, string[]> = {
  'libs/contracts/src/slots.request.ts': [
    ...['ReserveSlot', 'ReserveSlotReply', 'OpenCredential', 'OpenCredentialReply'],
    ...['CancelVerification', 'CancelVerificationReply'],
  ],
  'libs/contracts/src/probe.request.ts': ['ProbeUpstream', 'ProbeUpstreamReply', 'ProbeOrder', 'ProbeReport'],
  'libs/contracts/src/verification.event.ts': [
    'CataloguePart',
    'GatewayVerified',
    'GatewayVerificationFailed',
    'DeadLetter',
  ],
  'libs/contracts/src/routes.request.ts': [
    'RoutesDigest',
    'FetchRoutes',
    'FetchRoutesReply',
    'RoutesApplied',
    'KeysUsed',
    'ConnectorAnnounced',
  ],
  'libs/contracts/src/session-ended.ts': ['SessionEnded'],
  'libs/contracts/src/gateways-seen.ts': ['GatewaysSeen'],
  'libs/contracts/src/calls-seen.ts': ['CallsSeen'],
  'libs/contracts/src/kept-refused.ts': ['KeptCredentialRefused'],
  'libs/contracts/src/calls.request.ts': ['DeliverInput', 'DeliverInputReply', 'CallCancelled'],
  'libs/contracts/src/claims.ts': ['VerificationOrder', 'SlotOfferClaims', 'HandshakeReplyClaims', 'ReceiptClaims'],
  'libs/contracts/src/credential.ts': ['Credential'],
  'libs/contracts/src/manifest.ts': ['ServerManifest', 'CallerEntry', 'CatalogueBlock', 'NamesBlock'],
  'libs/sealing/src/trust-file.ts': ['TrustedIdentity'],
  'apps/proxy/src/sessions/session-token.ts': ['SessionClaims'],
};

/** The shapes of all contracts, by the names of their types. */
export function contractShapes(root: string): Record<string, Shape> {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root, { noEmit: true });
  const files = Object.keys(CONTRACTS).map((file) => join(root, file));
  const program = ts.createProgram(files, options);
  const checker = program.getTypeChecker();
  const shapes: [string, Shape][] = [];
  for (const [file, names] of Object.entries(CONTRACTS)) {
    const source = program.getSourceFile(join(root, file));
    const module = source && checker.getSymbolAtLocation(source);
    const exported = new Map((module ? checker.getExportsOfModule(module) : []).map((each) => [each.name, each]));
    for (const name of names) {
      const symbol = exported.get(name);
      if (!symbol) throw new Error(`${file} has no type ${name}: a contract that was renamed or removed`);
      shapes.push([name, shapeOf(checker, checker.getDeclaredTypeOfSymbol(symbol))]);
    }
  }
  return Object.fromEntries(shapes);
}
