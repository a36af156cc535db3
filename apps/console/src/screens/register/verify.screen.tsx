import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { type Gateway, oneGateway } from '../../api/gateways.js';
import { useMay } from '../../session/session.js';
import { useFormats } from '../../text/text.js';
import { ButtonLink } from '../../ui/button.js';
import { Notice } from '../../ui/notice.js';
import { Page } from '../../ui/page.js';
import { Shown } from '../../ui/states.js';
import { CREDENTIAL } from './credential-texts.js';
import { RESULT } from './result-texts.js';
import { REGISTER } from './texts.js';
import { VerificationFlow } from './verification-flow.js';

const route = getRouteApi('/gateways/$ref/verify');

/** Verifies a gateway again: the same handshake, and what has changed since. */
export function VerifyScreen(): ReactNode {
  const { text } = useFormats();
  const { ref } = route.useParams();
  const gateway = useQuery(oneGateway(ref));
  const mayVerify = useMay('editor');
  const name = gateway.data?.value.name ?? ref;
  return (
    <Page
      title={text(CREDENTIAL.verifyTitle, { name })}
      lead={text(CREDENTIAL.verifyLead)}
      actions={
        <ButtonLink to="/gateways/$ref" params={{ ref }}>
          {text(RESULT.toGateway)}
        </ButtonLink>
      }
    >
      {mayVerify ? (
        <Shown query={gateway}>{({ value }) => <Flow key={value.id} gateway={value} />}</Shown>
      ) : (
        <Notice tone="warn">{text(REGISTER.mayNot)}</Notice>
      )}
    </Page>
  );
}

/** A changed configuration is verified before it serves: what is verified is the pending one, if there is one. */
function Flow({ gateway }: { gateway: Gateway }): ReactNode {
  const { url, passthroughHeaders } = gateway.pending ?? gateway;
  return <VerificationFlow gateway={gateway} url={url} mappings={passthroughHeaders} isNew={false} />;
}
