import {
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from 'react';
import styles from './field.module.css';

interface Described {
  label: string;
  hint?: ReactNode | undefined;
  /** What is wrong with the value, as a sentence. */
  error?: string | undefined;
}

/** What ties a control to its label, hint and error. */
interface ControlAttributes {
  id: string;
  className: string | undefined;
  'aria-describedby': string | undefined;
  'aria-invalid': boolean | undefined;
}

/** A label, a control, a hint and an error that belong together for eyes and screen readers. */
export function Field({
  label,
  hint,
  error,
  children,
}: Described & { children: (control: ControlAttributes) => ReactNode }): ReactNode {
  const id = useId();
  const described = [hint !== undefined && `${id}-hint`, error !== undefined && `${id}-error`]
    .filter(Boolean)
    .join(' ');
  return (
    <div className={styles['field']}>
      <label className={styles['label']} htmlFor={id}>
        {label}
      </label>
      {hint !== undefined && (
        <div id={`${id}-hint`} className={styles['hint']}>
          {hint}
        </div>
      )}
      {children({
        id,
        className: styles['control'],
        'aria-describedby': described === '' ? undefined : described,
        'aria-invalid': error === undefined ? undefined : true,
      })}
      {error !== undefined && (
        <div id={`${id}-error`} className={styles['error']} role="alert">
          {error}
        </div>
      )}
    </div>
  );
}

type OnText = { onValue: (value: string) => void };
type TextFieldProps = Described & OnText & Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange' | 'id' | 'className'>;

/** One line of text. */
export function TextField({ label, hint, error, onValue, ...rest }: TextFieldProps): ReactNode {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <input
          type="text"
          autoComplete="off"
          spellCheck={false}
          {...rest}
          {...control}
          onChange={(event) => onValue(event.target.value)}
        />
      )}
    </Field>
  );
}

type TextAreaProps = Described &
  OnText &
  Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'onChange' | 'id' | 'className'>;

/** Several lines of text. */
export function TextArea({ label, hint, error, onValue, ...rest }: TextAreaProps): ReactNode {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => <textarea {...rest} {...control} onChange={(event) => onValue(event.target.value)} />}
    </Field>
  );
}

/** A value that can be chosen. */
export interface Choice<V extends string> {
  value: V;
  label: string;
}

type SelectProps<V extends string> = Described & {
  value: V;
  choices: readonly Choice<V>[];
  onValue: (value: V) => void;
} & Pick<SelectHTMLAttributes<HTMLSelectElement>, 'disabled' | 'name'>;

/** One of a few values: the browser's own control, which every keyboard and screen reader knows. */
export function SelectField<V extends string>({
  label,
  hint,
  error,
  choices,
  value,
  onValue,
  ...rest
}: SelectProps<V>): ReactNode {
  const choose = (chosen: string): void => {
    const choice = choices.find((each) => each.value === chosen);
    if (choice) onValue(choice.value);
  };
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <select {...rest} {...control} value={value} onChange={(event) => choose(event.target.value)}>
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

interface CheckProps {
  label: ReactNode;
  hint?: string;
  isOn: boolean;
  onValue: (isOn: boolean) => void;
  disabled?: boolean;
}

/** A yes or no. */
export function CheckField({ label, hint, isOn, onValue, disabled }: CheckProps): ReactNode {
  const id = useId();
  return (
    <div className={styles['check']}>
      <input
        id={id}
        type="checkbox"
        checked={isOn}
        disabled={disabled}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={(event) => onValue(event.target.checked)}
      />
      <label htmlFor={id}>
        {label}
        {hint !== undefined && (
          <div id={`${id}-hint`} className={styles['hint']}>
            {hint}
          </div>
        )}
      </label>
    </div>
  );
}
