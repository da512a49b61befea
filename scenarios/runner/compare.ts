import type { Path } from './yaml-text.ts';

/** One assertion that was looked at. `field` is where it stands in the expectation. */
export interface Finding {
  readonly field: Path;
  readonly ok: boolean;
  readonly expected: unknown;
  readonly got: unknown;
}

/** Exactly this value; an expectation that is absent is not looked at. */
export function same(field: string, expected: unknown, got: unknown): readonly Finding[] {
  return expected === undefined ? [] : [{ field: [field], ok: isLike(expected, got), expected, got: got ?? 'none' }];
}

/** An instant that begins as it is expected to; `none` is no instant. */
export function sameInstant(field: string, expected: string | undefined, got: string | null | undefined): readonly Finding[] {
  return expected === undefined ? [] : [{ field: [field], ok: matchesInstant(expected, got), expected, got: got ?? 'none' }];
}

/** Whether an instant begins as expected. */
export function matchesInstant(expected: string, got: string | null | undefined): boolean {
  return got == null ? expected === 'none' : got.startsWith(expected);
}

/** All instants in order, or the one that all share. */
export function sameInstants(field: string, expected: string | readonly string[] | undefined, got: readonly string[]): readonly Finding[] {
  if (expected === undefined) return [];
  const ok =
    typeof expected === 'string'
      ? got.length > 0 && got.every((at) => matchesInstant(expected, at))
      : got.length === expected.length && expected.every((at, index) => matchesInstant(at, got[index]));
  return [{ field: [field], ok, expected, got }];
}

/** How many: exactly the expected number, at least one when nothing else says so. */
export function compareCount(subject: string, expected: number | undefined, got: number): readonly Finding[] {
  if (expected !== undefined) return [{ field: ['count'], ok: expected === got, expected, got }];
  return [{ field: [subject], ok: got > 0, expected: 'at least one', got }];
}

/** Every text contains each of the words. */
export function containing(field: string, expected: readonly string[] | undefined, got: readonly string[]): readonly Finding[] {
  if (expected === undefined) return [];
  const ok = got.length > 0 && got.every((text) => expected.every((words) => text.includes(words)));
  return [{ field: [field], ok, expected: expected.length === 1 ? expected[0] : expected, got: got.length === 1 ? got[0] : got }];
}

/** Every named number; those that are not named are not looked at. */
export function sameCounts(
  field: string,
  expected: Readonly<Record<string, number>> | undefined,
  got: Readonly<Record<string, number>>,
): readonly Finding[] {
  if (expected === undefined) return [];
  return [{ field: [field], ok: Object.entries(expected).every(([key, n]) => (got[key] ?? 0) === n), expected, got }];
}

/** Whether a value has at least what is expected of it: objects may have more fields, lists may not have more items. */
export function isLike(expected: unknown, got: unknown): boolean {
  if (Array.isArray(expected))
    return Array.isArray(got) && got.length === expected.length && expected.every((item, index) => isLike(item, got[index]));
  if (typeof expected !== 'object' || expected === null) return Object.is(expected, got);
  if (typeof got !== 'object' || got === null) return false;
  return Object.entries(expected).every(([key, value]) => isLike(value, Reflect.get(got, key)));
}
