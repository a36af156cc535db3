import { getRouteApi } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { Gateway } from '../../api/gateways.js';
import type { Probe } from '../../api/registration.js';
import { useMay } from '../../session/session.js';
import { useFormats } from '../../text/text.js';
import { Notice } from '../../ui/notice.js';
import { Page } from '../../ui/page.js';
import { AddressStep } from './address-step.js';
import { DetailsStep } from './details-step.js';
import { Steps } from './steps.js';
import { REGISTER } from './texts.js';
import { VerificationFlow } from './verification-flow.js';

const route = getRouteApi('/gateways/register');

type At =
  | { step: 'stepAddress' }
  | { step: 'stepDetails'; url: string; probe: Probe | undefined }
  | { step: 'stepCredential'; gateway: Gateway; url: string; probe: Probe | undefined };

/** Registers an upstream MCP server: address, details, credential, result. */
export function RegisterScreen(): ReactNode {
  const { text } = useFormats();
  const search = route.useSearch();
  const [url, setUrl] = useState(search.url ?? '');
  const [at, setAt] = useState<At>({ step: 'stepAddress' });
  const mayRegister = useMay('editor');
  const restart = (next: string): void => {
    setUrl(next);
    setAt({ step: 'stepAddress' });
  };
  return (
    <Page title={text(REGISTER.title)} lead={text(REGISTER.lead)}>
      {!mayRegister && <Notice tone="warn">{text(REGISTER.mayNot)}</Notice>}
      {mayRegister && at.step !== 'stepCredential' && <Steps at={at.step} />}
      {mayRegister && at.step === 'stepAddress' && (
        <AddressStep
          url={url}
          onUrl={setUrl}
          onDone={(canonical, probe) => setAt({ step: 'stepDetails', url: canonical, probe })}
        />
      )}
      {mayRegister && at.step === 'stepDetails' && (
        <DetailsStep
          url={at.url}
          probe={at.probe}
          onBack={() => setAt({ step: 'stepAddress' })}
          onDone={(gateway) => setAt({ step: 'stepCredential', gateway, url: at.url, probe: at.probe })}
        />
      )}
      {mayRegister && at.step === 'stepCredential' && (
        <VerificationFlow
          gateway={at.gateway}
          url={at.url}
          mappings={at.gateway.passthroughHeaders}
          tokenUrl={at.probe?.authorization?.servers[0]?.tokenEndpoint}
          onTakenBack={() => restart(url)}
          onOtherUrl={restart}
          isNew
        />
      )}
    </Page>
  );
}
