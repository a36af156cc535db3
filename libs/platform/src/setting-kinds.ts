import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { isNetwork } from './http/trusted-proxies.js';

/** Describes a setting for people. Its type and default are in its schema. */
export interface SettingInfo {
  /** The environment variable. */
  variable: string;
  /** Settings of one group are listed together in `.env.example`. */
  group: 'service' | 'backends' | 'addresses' | 'door' | 'handshakes' | 'logs';
  about: string;
  /** What `.env.example` shows for a setting without a default. */
  example?: string;
}

/** The description of each setting, by its schema. */
export const SETTING_INFO = z.registry<SettingInfo>();

const DIGITS = /^\d{1,9}$/;

// Parsers for the texts of settings. Their messages are shown to people: they name the rule and never the value.

/** Any text. */
export const text = (): z.ZodString => z.string();

/** A text that matches the pattern. */
export const matching = (pattern: RegExp, rule: string): z.ZodString => z.string().regex(pattern, rule);

/** A whole number in this range. */
export function whole(least: number, most: number): z.ZodType<number, string> {
  return z.string().regex(DIGITS, 'must be a whole number').transform(Number).pipe(range(least, most));
}

/** A whole number in this range, or `auto` for the number of cores. */
export function wholeOrAuto(least: number, most: number): z.ZodType<number, string> {
  return z
    .string()
    .refine((value) => value === 'auto' || DIGITS.test(value), 'must be a whole number or auto')
    .transform((value) => (value === 'auto' ? availableParallelism() : Number(value)))
    .pipe(range(least, most));
}

/** `on` or `off`. */
export function onOff(): z.ZodType<boolean, string> {
  const isOnOrOff = (value: string): boolean => value === 'on' || value === 'off';
  return z
    .string()
    .refine(isOnOrOff, 'must be on or off')
    .transform((value) => value === 'on');
}

/** One of these texts. */
export function oneOf<const T extends readonly string[]>(values: T): z.ZodEnum<{ [K in T[number]]: K }> {
  return z.enum(values, `must be one of ${values.join(', ')}`);
}

/** A list, separated by commas; white space around its items is ignored. */
export function list(of: z.ZodType<string, string> = text()): z.ZodType<string[], string> {
  return z
    .string()
    .transform((value) => value.split(',').flatMap((part) => part.trim() || []))
    .pipe(z.array(of));
}

/** An IP address or a network (CIDR). */
export function network(): z.ZodString {
  return z.string().refine(isNetwork, 'must be IP addresses or CIDRs, separated by commas');
}

/** An http or https URL without user and password. */
export function httpUrl(): z.ZodString {
  return z.string().refine(isHttpUrl, 'must be an http or https URL without user and password');
}

function range(least: number, most: number): z.ZodNumber {
  const rule = `must be between ${least} and ${most}`;
  return z.number().min(least, rule).max(most, rule);
}

function isHttpUrl(value: string): boolean {
  if (!/^https?:\/\/[^\s<>/][^\s<>]*$/i.test(value) || !URL.canParse(value)) return false;
  const { username, password } = new URL(value);
  return username === '' && password === '';
}
