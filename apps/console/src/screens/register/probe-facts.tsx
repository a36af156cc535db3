import type { ReactNode } from 'react';
import type { Probe } from '../../api/registration.js';
import { codeText } from '../../parts/verification-outcome.js';
import { useFormats } from '../../text/text.js';
import { Facts } from '../../ui/page.js';
import { Notice } from '../../ui/notice.js';
import { REGISTER } from './texts.js';

const TONES = {
  open: 'good',
  credential_required: 'good',
  redirected: 'warn',
  not_mcp: 'warn',
  unreachable: 'bad',
} as const;

/** What answers at a URL without a credential. */
export function ProbeFacts({ probe }: { probe: Probe }): ReactNode {
  const { text, time } = useFormats();
  const { challenge, tls, why } = probe;
  const reason = codeText(why);
  const eras = probe.eras.map(({ era, protocolVersions, sessionful }) =>
    text(REGISTER.era, {
      era,
      versions: protocolVersions.join(', '),
      sessions: sessionful === undefined ? 'unknown' : sessionful ? 'yes' : 'no',
    }),
  );
  return (
    <>
      <Notice tone={TONES[probe.outcome]} title={text(REGISTER[`outcome_${probe.outcome}`])} />
      <Facts
        facts={[
          [text(REGISTER.factWhy), why === undefined ? undefined : reason ? text(reason) : why],
          [text(REGISTER.factStatus), probe.httpStatus],
          [text(REGISTER.factServer), probe.serverName],
          [text(REGISTER.factProtocol), eras.length === 0 ? undefined : eras.join('; ')],
          [text(REGISTER.factTransport), probe.transport],
          [text(REGISTER.factWants), challenge && (challenge.schemes.join(', ') || undefined)],
          [text(REGISTER.factScopes), challenge?.scope],
          [
            text(REGISTER.factTls),
            tls &&
              text(REGISTER.certificate, { protocol: tls.protocol, issuer: tls.issuer, until: time(tls.expiresAt) }),
          ],
          [text(REGISTER.factRedirect), probe.redirectsTo],
        ]}
      />
    </>
  );
}
