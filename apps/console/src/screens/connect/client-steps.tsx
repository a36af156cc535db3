import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useDeferredValue, useState } from 'react';
import { configuration, type KnownClient, type ServerChoice, type Way } from '../../api/connect.js';
import { status } from '../../api/status.js';
import { useFormats } from '../../text/text.js';
import { TextField } from '../../ui/field.js';
import { Card } from '../../ui/page.js';
import { Shown } from '../../ui/states.js';
import { ConfigurationStep } from './configuration-step.js';
import { FirstCall } from './first-call.js';
import { KeyStep, type KnownKey } from './key-step.js';
import { CONNECT } from './texts.js';

interface ClientStepsProps {
  server: ServerChoice;
  client: KnownClient;
  way: Way;
}

/** The steps after the choice: a key, the configuration, the first call. */
export function ClientSteps({ server, client, way }: ClientStepsProps): ReactNode {
  const { text } = useFormats();
  const deployment = useQuery(status());
  const [typedUrl, setTypedUrl] = useState('');
  const [issued, setIssued] = useState<KnownKey>();
  const known = deployment.data?.proxyUrl ?? undefined;
  const proxyUrl = useDeferredValue(known ?? (isUrl(typedUrl) ? typedUrl.trim() : undefined));
  const shown = useQuery({
    ...configuration(server.slug, { client: client.client, way, ...(proxyUrl !== undefined && { proxyUrl }) }),
    enabled: deployment.data !== undefined,
  });
  return (
    <>
      <Card title={text(CONNECT.step2)}>
        <KeyStep server={server} client={client} asked={shown.data?.variables} issued={issued} onIssued={setIssued} />
      </Card>
      <Card title={text(CONNECT.step3)}>
        {deployment.data?.proxyUrl === null && (
          <TextField
            label={text(CONNECT.proxyUrl)}
            hint={text(CONNECT.proxyUrlHint)}
            type="url"
            value={typedUrl}
            onValue={setTypedUrl}
          />
        )}
        <Shown query={shown}>{(content) => <ConfigurationStep content={content} />}</Shown>
      </Card>
      <Card title={text(CONNECT.step4)}>
        <FirstCall
          key={issued?.id}
          server={server}
          keyId={issued?.id}
          endpoint={proxyUrl === undefined ? undefined : `${proxyUrl.replace(/\/+$/, '')}/servers/${server.slug}/mcp`}
          proxies={deployment.data?.proxies.length}
          variables={shown.data?.variables ?? []}
        />
      </Card>
    </>
  );
}

function isUrl(typed: string): boolean {
  return /^https?:\/\/[^\s/?#@]+[^\s?#@]*$/.test(typed.trim());
}
