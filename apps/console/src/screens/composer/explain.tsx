import { showHidden } from '@lethe/mcp';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { ITEM_KINDS, type ItemKind } from '../../api/gateway-items.js';
import { type CallToExplain, explainCall, type Explanation, type Server } from '../../api/servers.js';
import { KIND } from '../../parts/item-kind.js';
import { useFormats } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { SelectField, TextField } from '../../ui/field.js';
import { Notice } from '../../ui/notice.js';
import { Card, Row } from '../../ui/page.js';
import { Failed } from '../../ui/states.js';
import { WordsField } from '../../ui/words-field.js';
import { SEE } from './access-texts.js';
import styles from './composer.module.css';

const KEY_ID = /^[0-9a-f]{16}$/;

/** Asks the registry why a caller may call an item or not. */
export function Explain({ server }: { server: Server }): ReactNode {
  const { text } = useFormats();
  const [kind, setKind] = useState<ItemKind>('tool');
  const [item, setItem] = useState('');
  const [key, setKey] = useState('');
  const [roles, setRoles] = useState<string[]>([]);
  const asking = useMutation({ mutationFn: (call: CallToExplain) => explainCall(server.slug, call) });
  const isKeyLegal = key === '' || KEY_ID.test(key);
  const ask = (): void => {
    if (!isKeyLegal || item === '') return;
    const named = kind === 'tool' || kind === 'prompt' ? { name: item } : { uri: item };
    asking.mutate({ kind, ...named, ...(key === '' ? roles.length > 0 && { roles } : { key }) });
  };
  return (
    <Card title={text(SEE.explain)}>
      <p className={styles['soft']}>{text(SEE.explainLead)}</p>
      <form
        className={styles['form']}
        onSubmit={(event) => {
          event.preventDefault();
          ask();
        }}
      >
        <div className={styles['pair']}>
          <SelectField
            label={text(SEE.kind)}
            value={kind}
            choices={ITEM_KINDS.map((value) => ({ value, label: text(KIND[value]) }))}
            onValue={setKind}
          />
          <TextField label={text(SEE.item)} value={item} onValue={(value) => setItem(value.trim())} />
        </div>
        <TextField
          label={text(SEE.keyId)}
          hint={text(SEE.keyIdHint)}
          error={isKeyLegal ? undefined : text(SEE.keyIdIllegal)}
          value={key}
          onValue={(value) => setKey(value.trim())}
        />
        {key === '' && <WordsField label={text(SEE.roles)} words={roles} onWords={setRoles} />}
        <Row>
          <Button type="submit" disabled={item === '' || !isKeyLegal} isBusy={asking.isPending}>
            {text(SEE.ask)}
          </Button>
        </Row>
      </form>
      {asking.error && <Failed error={asking.error} />}
      {asking.data && <Answer explanation={asking.data} />}
    </Card>
  );
}

function Answer({ explanation }: { explanation: Explanation }): ReactNode {
  const { text } = useFormats();
  const { allowed, reasons, nearest, item, gateway, admission, headers, kept, proxies, revision } = explanation;
  const current = proxies.filter(({ isCurrent }) => isCurrent).length;
  return (
    <>
      {allowed ? (
        <Notice tone="good">{text(SEE.allowed)}</Notice>
      ) : (
        <Notice tone="bad" title={text(SEE.refused)}>
          {reasons.map((reason) => (
            <p key={reason.code}>{reason.text}</p>
          ))}
          {nearest !== undefined && <p>{text(SEE.nearest, { name: nearest })}</p>}
        </Notice>
      )}
      {item && gateway && (
        <p>{text(SEE.goesTo, { own: showHidden(item.own), gateway: gateway.name, origin: gateway.origin })}</p>
      )}
      {(admission ?? headers.length > 0) && (
        <div>
          <h3>{text(SEE.sends)}</h3>
          <ul className={styles['look']}>
            {admission && <li>{text(SEE.admission, { holds: admission.holds })}</li>}
            {headers.map(({ exact, required, origin }) => (
              <li key={exact}>{text(SEE.header, { exact, required: String(required), origin })}</li>
            ))}
          </ul>
        </div>
      )}
      {kept?.isGranted && kept.state === 'usable' && kept.use === 'kept' && <p>{text(SEE.keptUse)}</p>}
      <p className={styles['soft']}>{text(SEE.proxies, { current, all: proxies.length, revision })}</p>
    </>
  );
}
