import type { Command } from 'commander';
import { LANGUAGE_CODES, textsIn } from '../texts/languages.ts';
import type { Texts } from '../texts/messages.ts';
import { DurationUnit, type Duration, type Instant, instant, readDuration } from '../domain/instant.ts';
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
  const read = readDuration(text);
  if (read !== undefined) return read;
  const units = Object.values(DurationUnit).join(', ');
  throw new CliError(ExitCode.usage, 'wrong-duration', `${option}: "${text}" is not a valid duration.`, `Write a number and one of ${units}.`);
}

/** One of a closed set, or a usage error that lists it. */
export function oneOf<T extends string>(text: string, known: readonly T[], option: string): T {
  const found = known.find((value) => value === text);
  if (found === undefined) throw new CliError(ExitCode.usage, 'wrong-value', `${option}: "${text}" is not one of ${known.join(', ')}.`);
  return found;
}
