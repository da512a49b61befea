/** What a check is about. */
export const CheckKind = {
  file: 'file',
  chain: 'chain',
  policy: 'policy',
  rules: 'rules',
  disclosure: 'disclosure',
  seal: 'seal',
  appeal: 'appeal',
  packet: 'packet',
} as const;
export type CheckKind = (typeof CheckKind)[keyof typeof CheckKind];

/** A decision by its aggregate and number. */
export interface DecisionPlace {
  readonly aggregate: string;
  readonly n: number;
}

/** One check in words; `at` names the first decision that a broken one touches. */
export interface Check {
  readonly check: CheckKind;
  readonly ok: boolean;
  readonly what: string;
  readonly at?: DecisionPlace;
}
