import { canonicalUrl, urlSecretProblem } from '@lethe/mcp';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, type SubmitEvent, useState } from 'react';
import { isProblem } from '../../api/problem.js';
import { type Probe, probeUrl } from '../../api/registration.js';
import { useFormats } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { TextField } from '../../ui/field.js';
import { Card, Row } from '../../ui/page.js';
import { Failed } from '../../ui/states.js';
import { OAuthNotice } from './oauth-notice.js';
import { ProbeFacts } from './probe-facts.js';
import styles from './register.module.css';
import { URL_RULES, REGISTER } from './texts.js';

interface AddressProps {
  url: string;
  onUrl: (url: string) => void;
  /** Goes on with a canonical URL and what was found there, if anybody looked. */
  onDone: (url: string, probe: Probe | undefined) => void;
}

/** The first step: a URL, and what answers there without a credential. A URL that holds a secret is not sent. */
export function AddressStep({ url, onUrl, onDone }: AddressProps): ReactNode {
  const { text } = useFormats();
  const { look, probe, isLooking, urlError, failure } = useLooking(url);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    look(url.trim());
  };
  const goOn = (): void => onDone(canonicalUrl(url.trim()), probe);
  return (
    <>
      <Card>
        <form className={`${styles['form'] ?? ''} ${styles['narrow'] ?? ''}`} onSubmit={submit} noValidate>
          <TextField
            label={text(REGISTER.url)}
            hint={text(REGISTER.urlHint)}
            type="url"
            inputMode="url"
            value={url}
            onValue={onUrl}
            error={urlError}
          />
          <Row>
            <Button type="submit" look={probe ? 'plain' : 'primary'} isBusy={isLooking}>
              {text(probe ? REGISTER.lookAgain : REGISTER.look)}
            </Button>
          </Row>
          {failure !== undefined && (
            <>
              <Failed error={failure} title={text(REGISTER.lookFailed)} onAgain={() => look(url.trim())} />
              <Row>
                <Button onClick={goOn}>{text(REGISTER.goOnAnyway)}</Button>
              </Row>
            </>
          )}
        </form>
      </Card>
      {probe && (
        <Found
          probe={probe}
          onGoOn={goOn}
          onOther={(other) => {
            onUrl(other);
            look(other);
          }}
        />
      )}
    </>
  );
}

interface Looking {
  look: (url: string) => void;
  /** What was found at the URL that is in the field. */
  probe: Probe | undefined;
  isLooking: boolean;
  urlError: string | undefined;
  /** Nothing was found out, and it is not about the URL. */
  failure: Error | undefined;
}

function useLooking(url: string): Looking {
  const { text } = useFormats();
  const [tried, setTried] = useState<string>();
  const looking = useMutation({ mutationFn: probeUrl });
  const typed = url.trim();
  const isOfTyped = tried === typed;
  const problem = typed === '' ? 'empty' : urlSecretProblem(typed);
  const error = isOfTyped && looking.variables === typed ? looking.error : null;
  const forbidden = isProblem(error, 'url_forbidden') ? error : undefined;
  return {
    look: (target) => {
      setTried(target);
      looking.reset();
      if (target !== '' && urlSecretProblem(target) === undefined) looking.mutate(target);
    },
    probe: looking.variables === typed ? looking.data : undefined,
    isLooking: looking.isPending,
    urlError: (isOfTyped && problem && text(URL_RULES.get(problem) ?? REGISTER.url_not_a_url)) || forbidden?.hint,
    failure: error !== null && !forbidden ? error : undefined,
  };
}

interface FoundProps {
  probe: Probe;
  onGoOn: () => void;
  /** Looks at the URL of the redirect instead. */
  onOther: (url: string) => void;
}

function Found({ probe, onGoOn, onOther }: FoundProps): ReactNode {
  const { text } = useFormats();
  const other = probe.registerUrl;
  const isMcp = probe.outcome === 'open' || probe.outcome === 'credential_required';
  return (
    <Card title={text(REGISTER.found)}>
      <ProbeFacts probe={probe} />
      {probe.authorization && <OAuthNotice url={probe.url} authorization={probe.authorization} />}
      <Row>
        {other !== undefined && (
          <Button look="primary" onClick={() => onOther(other)}>
            {text(REGISTER.useRedirect, { url: other })}
          </Button>
        )}
        <Button look={isMcp ? 'primary' : 'plain'} onClick={onGoOn}>
          {text(isMcp ? REGISTER.goOn : REGISTER.goOnAnyway)}
        </Button>
      </Row>
    </Card>
  );
}
