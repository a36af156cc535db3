import { type ReactNode, useState } from 'react';
import { TextArea, TextField } from './field.js';

interface WordsProps {
  label: string;
  hint?: string;
  error?: string | undefined;
  words: readonly string[];
  onWords: (words: string[]) => void;
  disabled?: boolean;
}

/** Several words with commas or spaces between them, such as tags. */
export function WordsField({ words, onWords, ...rest }: WordsProps): ReactNode {
  const [typed, setTyped] = useTyped(words, split, ', ');
  const change = (value: string): void => {
    setTyped(value);
    onWords(split(value));
  };
  return <TextField {...rest} value={typed} onValue={change} />;
}

/** Several texts, one on each line, such as globs. */
export function LinesField({ words, onWords, ...rest }: WordsProps): ReactNode {
  const [typed, setTyped] = useTyped(words, lines, '\n');
  const change = (value: string): void => {
    setTyped(value);
    onWords(lines(value));
  };
  return <TextArea {...rest} spellCheck={false} value={typed} onValue={change} />;
}

interface NumberProps {
  label: string;
  hint?: string;
  error?: string | undefined;
  value: number | undefined;
  /** Undefined while there is no whole number. */
  onNumber: (value: number | undefined) => void;
  disabled?: boolean;
}

/** A whole number, or none. */
export function NumberField({ value, onNumber, ...rest }: NumberProps): ReactNode {
  const words = value === undefined ? [] : [String(value)];
  const [typed, setTyped] = useTyped(words, digits, '');
  const change = (next: string): void => {
    setTyped(next);
    const [number] = digits(next);
    onNumber(number === undefined ? undefined : Number(number));
  };
  return <TextField {...rest} inputMode="numeric" value={typed} onValue={change} />;
}

/** What is typed stays as it is while it means the value; another value, as after an undo, takes its place. */
function useTyped(
  words: readonly string[],
  read: (text: string) => string[],
  between: string,
): [string, (text: string) => void] {
  const [typed, setTyped] = useState(words.join(between));
  const isSame = read(typed).join('\n') === words.join('\n');
  return [isSame ? typed : words.join(between), setTyped];
}

function split(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter((word) => word !== ''))];
}

function lines(text: string): string[] {
  return text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
}

function digits(text: string): string[] {
  return /^\d{1,9}$/.test(text.trim()) ? [String(Number(text))] : [];
}
