import { availableParallelism } from 'node:os';
import * as z from 'zod';
import { isNetwork } from './http/trusted-proxies.js';
import { readRoleClaims, ROLE_CLAIMS_RULE, type RoleClaims } from './role-claims.js';

/** Describes a setting for people. Its type and default are in its schema. */
export interface SettingInfo {
  /** The environment variable. */
  variable: string;
  /** Settings of one group are listed together in `.env.example`. */
  group:
    'service' | 'backends' | 'addresses' | 'administrators' | 'console' | 'door' | 'handshakes' | 'logs' | 'traces';
  about: string;
  /** What `.env.example` shows for a setting without a default. */
  example?: string;
  /** Whether its value may be or contain a credential, or name a file with one: it is shown to nobody. */
  isSecret?: true;
}

/** The description of each setting, by its schema. */
export const SETTING_INFO = z.registry<SettingInfo>();

/** A setting with a default, used if its variable is absent. */
export function set<T>(
  schema: z.ZodType<T, string>,
  fallback: string,
  info: SettingInfo,
): z.ZodPrefault<z.ZodType<T, string>> {
  return schema.prefault(fallback).register(SETTING_INFO, info);
}

/** A setting without a default. `.env.example` shows its example instead. */
export function optional<T>(
  schema: z.ZodType<T, string>,
  info: SettingInfo & { example: string },
): z.ZodOptional<z.ZodType<T, string>> {
  return schema.optional().register(SETTING_INFO, info);
}

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

/** The same, in upper or lower case. */
export function anyCase<T>(schema: z.ZodType<T, string>): z.ZodType<T, string> {
  return z
    .string()
    .transform((value) => value.toLowerCase())
    .pipe(schema);
}

/** A share of a whole. */
export function ratio(): z.ZodType<number, string> {
  return z
    .string()
    .regex(/^(?:[01]|[01]?\.\d{1,9})$/, 'must be a number from 0 to 1')
    .transform(Number)
    .pipe(range(0, 1));
}

/** `name=value`, separated by commas; values may be percent-encoded, as in W3C Baggage, and empty. */
export function pairs(rule: string, values: RegExp): z.ZodType<Readonly<Record<string, string>>, string> {
  return z.string().transform((value, context) => {
    const parts = value.split(',').filter((part) => part.trim() !== '');
    const read = parts.flatMap((part) => pairOf(part, values) ?? []);
    if (read.length < parts.length) context.addIssue({ code: 'custom', message: rule });
    return Object.fromEntries(read.map((pair) => [pair.name, pair.value]));
  });
}

function pairOf(part: string, values: RegExp): { name: string; value: string } | undefined {
  const [, name, written] =
    /^\s*([\w!#$%&'*+.^`|~-]+)\s*=\s*((?:[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)?)\s*$/.exec(part) ?? [];
  if (name === undefined || written === undefined) return undefined;
  try {
    const value = decodeURIComponent(written);
    return values.test(value) ? { name, value } : undefined;
  } catch {
    return undefined;
  }
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

/** Which claim of a token gives which role. */
export function roleClaims(): z.ZodType<RoleClaims, string> {
  return z.string().transform((value, context) => {
    const read = readRoleClaims(value);
    if (read) return read;
    context.addIssue({ code: 'custom', message: ROLE_CLAIMS_RULE });
    return z.NEVER;
  });
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
