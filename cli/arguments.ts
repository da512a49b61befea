import type { Command } from 'commander';
import { LANGUAGE_CODES, textsIn } from '../texts/languages.ts';
import type { Texts } from '../texts/messages.ts';
import { DurationUnit, type Duration, type Instant, instant } from '../domain/instant.ts';
import { readMoney } from '../domain/money.ts';
import { type Goods, readGoods, type SourcedValue } from '../domain/referral/totals.ts';
import { CliError } from './error.ts';
import { ExitCode } from './exit.ts';

/** An instant from an option, or a usage error that names it. */
export function instantArgument(text: string, option: string): Instant {
  try {
    return instant(text);
  } catch {
    throw new CliError(ExitCode.usage, 'wrong-instant', `${option}: "${text}" is not a valid instant.`, 'Write it as 2025-10-01T09:00:00Z.');
  }
}

/** A whole number from 1 on, or a usage error that names the option. */
export function wholeArgument(text: string, option: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new CliError(ExitCode.usage, 'wrong-number', `${option}: "${text}" is not a whole number of 1 or more.`);
  return Number(text);
}

/** The language in which events are told, for the options of a command. */
export interface LanguageOptions {
  readonly language?: string;
}

/** Adds `--language`. */
export function withLanguage(command: Command): Command {
  return command.option('--language <code>', `the language in which events are described: ${LANGUAGE_CODES.join(', ')}`);
}

/** The texts of `--language`, English where it is not given, or a usage error. */
export function languageArgument({ language }: LanguageOptions): Texts {
  return textsIn(language === undefined ? undefined : oneOf(language, LANGUAGE_CODES, '--language'));
}

/** A port from an option, if it is given, or a usage error that names it. */
export function portArgument(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1024 && port <= 65_000) return port;
  throw new CliError(ExitCode.usage, 'wrong-port', `${option}: "${text}" is not a port from 1024 to 65000.`);
}

/** A duration such as `24 working-hours` or `3 calendar-days`. */
export function durationArgument(text: string, option: string): Duration {
  const match = /^(\d{1,6}) ?([a-z-]+)$/.exec(text.trim());
  const unit = Object.values(DurationUnit).find((known) => known === match?.[2]);
  if (match === null || unit === undefined) {
    const units = Object.values(DurationUnit).join(', ');
    throw new CliError(ExitCode.usage, 'wrong-duration', `${option}: "${text}" is not a valid duration.`, `Write a number and one of ${units}.`);
  }
  return { n: Number(match[1]), unit };
}

/** An exhibit number: what people write on a bag. */
export function exhibitArgument(text: string): string {
  if (/^[\w.-]{1,64}$/.test(text)) return text;
  throw new CliError(ExitCode.usage, 'wrong-exhibit', `"${text}" is not a valid exhibit number.`, 'Use up to 64 letters, digits, dots, hyphens.');
}

/** `KEY=VALUE` of an option. */
export function pairArgument(text: string, option: string): { readonly key: string; readonly value: string } {
  const at = text.indexOf('=');
  if (at > 0 && at < text.length - 1) return { key: text.slice(0, at), value: text.slice(at + 1) };
  throw new CliError(ExitCode.usage, 'wrong-pair', `${option}: "${text}" has no "=" between two parts.`, 'Write it as RIGHT=FILE or MONEY=SOURCE.');
}

/** `125 watches`. */
export function goodsArgument(text: string): Goods {
  const goods = readGoods(text);
  if (goods === undefined)
    throw new CliError(ExitCode.usage, 'wrong-goods', `--goods: "${text}" is not a valid quantity.`, 'Write it as "125 watches".');
  return goods;
}

/** `CNY 2,000,000=press release`. */
export function valueArgument(text: string): SourcedValue {
  const { key, value: source } = pairArgument(text, '--value');
  const value = readMoney(key);
  if (value === undefined)
    throw new CliError(ExitCode.usage, 'wrong-value', `--value: "${key}" is not a valid amount.`, 'Write it as "CNY 2,000,000=press release".');
  return { value, source };
}

/** The name of a fact. */
export function factArgument(text: string): string {
  if (/^[\w.-]{1,64}$/.test(text)) return text;
  throw new CliError(ExitCode.usage, 'wrong-fact', `--fact: "${text}" is not a valid name.`, 'Use up to 64 letters, digits, dots, hyphens.');
}

/** One of a closed set, or a usage error that lists it. */
export function oneOf<T extends string>(text: string, known: readonly T[], option: string): T {
  const found = known.find((value) => value === text);
  if (found === undefined) throw new CliError(ExitCode.usage, 'wrong-value', `${option}: "${text}" is not one of ${known.join(', ')}.`);
  return found;
}
