import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { status, type Status } from '../../api/status.js';
import { useFormats } from '../../text/text.js';
import { Badge } from '../../ui/badge.js';
import { Card, Facts, Grid, Row } from '../../ui/page.js';
import { Shown } from '../../ui/states.js';
import { Connectors } from './connectors.js';
import { Proxies } from './proxies.js';
import { SETTINGS } from './texts.js';

/** The registry, and what it has heard of proxies and connectors. */
export function StatusTab(): ReactNode {
  const { text } = useFormats();
  const deployment = useQuery(status());
  return (
    <Shown query={deployment}>
      {(read) => (
        <>
          <Grid>
            <Registry read={read} />
            <Card title={text(SETTINGS.checks)}>
              <Row>
                {Object.entries(read.checks).map(([name, holds]) => (
                  <Badge key={name} tone={holds ? 'good' : 'bad'}>
                    {`${name} ${text(holds ? SETTINGS.holds : SETTINGS.fails)}`}
                  </Badge>
                ))}
              </Row>
            </Card>
          </Grid>
          <Proxies proxies={read.proxies} revision={read.revision} />
          <Connectors />
        </>
      )}
    </Shown>
  );
}

function Registry({ read }: { read: Status }): ReactNode {
  const { text, number, time } = useFormats();
  return (
    <Card title={text(SETTINGS.registry)}>
      <Facts
        facts={[
          [
            text(SETTINGS.ready),
            <Badge key="ready" tone={read.isReady ? 'good' : 'bad'}>
              {text(read.isReady ? SETTINGS.isReady : SETTINGS.isNotReady)}
            </Badge>,
          ],
          [text(SETTINGS.version), read.version],
          [text(SETTINGS.revision), number(read.revision)],
          [text(SETTINGS.publicUrl), read.publicUrl ?? read.proxyUrl ?? text(SETTINGS.noPublicUrl)],
          [text(SETTINGS.clock), time(read.at)],
        ]}
      />
    </Card>
  );
}
