import { showHidden, type NeededHeader } from '@lethe/mcp';
import { type ReactNode, useState } from 'react';
import type { CallableServer } from '../../api/callable.js';
import { Verbatim } from '../../parts/verbatim.js';
import { useFormats } from '../../text/text.js';
import { Badge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { Notice } from '../../ui/notice.js';
import { Card, Row } from '../../ui/page.js';
import { AskDialog } from './ask-dialog.js';
import type { Era } from './client/trial.js';
import { Failure } from './failure.js';
import { headersWith, illegalIn, type Secrets } from './secrets.js';
import { SecretsForm } from './secrets-form.js';
import { FAILED, TRY } from './texts.js';
import { useTrial } from './use-trial.js';
import { Workbench } from './workbench.js';

interface TryServerProps {
  server: CallableServer;
  /** Its endpoint at the proxy. */
  url: string;
  needed: readonly NeededHeader[];
}

/** Connects to one virtual server, and calls what it offers. What is typed lives as long as this component. */
export function TryServer({ server, url, needed }: TryServerProps): ReactNode {
  const { text } = useFormats();
  const [secrets, setSecrets] = useState<Secrets>({});
  const [era, setEra] = useState<Era>(server.eras === 'legacy' ? 'legacy' : 'modern');
  const state = useTrial();
  const { trial } = state;
  const illegal = illegalIn(secrets);
  const connect = (): void => {
    if (illegal.length === 0) void state.connect({ url, era, headers: headersWith(secrets, needed) });
  };
  return (
    <>
      {!server.enabled && <Notice tone="warn">{text(TRY.off)}</Notice>}
      {trial ? (
        <Card title={text(TRY.connection)}>
          <Row>
            <Badge tone="good">{text(TRY.connected)}</Badge>
            <Verbatim>
              {text(TRY.answeredBy, { name: showHidden(trial.serverName), version: trial.protocolVersion })}
            </Verbatim>
            <Button isSmall onClick={state.disconnect}>
              {text(TRY.disconnect)}
            </Button>
          </Row>
        </Card>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            connect();
          }}
        >
          <Card title={text(TRY.connection)}>
            <SecretsForm
              {...{ server, needed, secrets, era, illegal }}
              origin={new URL(url).origin}
              onSecrets={setSecrets}
              onEra={setEra}
            />
            {state.error !== undefined && <Failure error={state.error} title={text(FAILED.connectTitle)} />}
            <div>
              <Button look="primary" type="submit" isBusy={state.isConnecting} disabled={illegal.length > 0}>
                {text(TRY.connect)}
              </Button>
            </div>
          </Card>
        </form>
      )}
      {trial && <Workbench trial={trial} state={state} />}
      {state.question && <AskDialog asked={state.question} />}
    </>
  );
}
