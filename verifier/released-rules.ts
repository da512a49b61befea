/** Rules of an earlier release. */
export interface ReleasedRules {
  /** SHA-256 of the text of the rules' module, as decisions name it. */
  readonly digest: string;
  readonly release: string;
}

/**
 * The rules of every release: what they decided is decided again without `--unknown-rules`. A release adds its own line with
 * `scripts/record-rules.ts`.
 */
export const RELEASED_RULES: readonly ReleasedRules[] = [
  { digest: 'ee2446ca1d267a70a539f529a2b9a71d8c79db0e44279c564fbbd57de98366ad', release: '0.1.0 of 2026-11-25' },
];
