import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import {
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useDeferredValue,
  useEffect,
  useId,
  useRef,
  useState,
} from 'react';
import { found } from '../../api/found.js';
import { useFormats } from '../../text/text.js';
import { SCREENS } from '../screens.js';
import { hasText, type Place, screensNamed, step, toPlace } from './places.js';
import styles from './palette.module.css';
import { PALETTE } from './texts.js';

/** Finds a screen or a thing by its name: a combobox with a list (ARIA Authoring Practices) in the browser's own dialog. */
export function Palette({ onClose }: { onClose: () => void }): ReactNode {
  const { text } = useFormats();
  const dialog = useModal();
  const id = useId();
  const router = useRouter();
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const { places, state } = usePlaces(typed);
  const current = places[Math.min(at, places.length - 1)];
  const go = (place: Place | undefined): void => {
    if (!place) return;
    onClose();
    router.history.push(`${router.basepath}${place.path}`);
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter') go(current);
    else if (event.key === 'ArrowDown') setAt(step(at, 1, places.length));
    else if (event.key === 'ArrowUp') setAt(step(at, -1, places.length));
    else return;
    event.preventDefault();
  };
  return (
    <dialog
      ref={dialog}
      className={styles['dialog']}
      aria-label={text(PALETTE.title)}
      onClick={(event) => event.target === event.currentTarget && onClose()}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div className={styles['inner']}>
        <input
          type="text"
          role="combobox"
          className={styles['input']}
          aria-label={text(PALETTE.title)}
          aria-expanded={places.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={current && `${id}-${places.indexOf(current)}`}
          aria-describedby={`${id}-hint`}
          placeholder={text(PALETTE.title)}
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onKeyDown={onKey}
          onChange={(event) => {
            setTyped(event.target.value);
            setAt(0);
          }}
        />
        <ul id={`${id}-list`} role="listbox" className={styles['list']} aria-label={text(PALETTE.results)}>
          {places.map((place, index) => (
            <Option
              key={place.key}
              id={`${id}-${index}`}
              place={place}
              isChosen={place === current}
              onGo={() => go(place)}
            />
          ))}
        </ul>
        <p className={styles['foot']}>
          <span role="status">{stateText(state, places.length, text)}</span>
          <span id={`${id}-hint`}>{text(PALETTE.hint)}</span>
        </p>
      </div>
    </dialog>
  );
}

type State = 'looking' | 'lost' | 'found';

function stateText(state: State, count: number, text: ReturnType<typeof useFormats>['text']): string {
  if (state !== 'found') return text(PALETTE[state]);
  return count === 0 ? text(PALETTE.none) : text(PALETTE.count, { count });
}

function usePlaces(typed: string): { places: Place[]; state: State } {
  const { text } = useFormats();
  const q = useDeferredValue(typed.trim());
  const names = useQuery({ ...found(q), placeholderData: keepPreviousData });
  const screens = screensNamed(
    typed,
    SCREENS.map(({ to, name }) => ({ to, name: text(name) })),
  );
  // While names are looked up, those of before that still fit stay in sight.
  const things = q === '' ? [] : (names.data ?? []).map(toPlace).filter((place) => hasText(place, typed));
  const state = names.isFetching ? 'looking' : names.error ? 'lost' : 'found';
  return { places: [...screens, ...things], state };
}

/** Opens the dialog as long as it is rendered, and gives the focus back. */
function useModal(): RefObject<HTMLDialogElement | null> {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    element?.showModal();
    return () => {
      element?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return dialog;
}

interface OptionProps {
  id: string;
  place: Place;
  isChosen: boolean;
  onGo: () => void;
}

function Option({ id, place: { kind, name, detail }, isChosen, onGo }: OptionProps): ReactNode {
  const { text } = useFormats();
  const line = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isChosen) line.current?.scrollIntoView({ block: 'nearest' });
  }, [isChosen]);
  return (
    <li ref={line} id={id} role="option" aria-selected={isChosen} className={styles['option']} onClick={onGo}>
      <span className={styles['name']}>{name}</span>
      {detail !== undefined && <span className={styles['soft']}>{detail}</span>}
      <span className={styles['kind']}>{text(PALETTE[kind])}</span>
    </li>
  );
}
