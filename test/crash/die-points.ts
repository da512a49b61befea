/** Where a worker process can be made to die: before and after each transaction of the log and each act outside. */
export const DIE_POINTS = [
  'capture:before',
  'capture:after',
  'log:before',
  'log:after',
  'takedown:before',
  'takedown:after',
  'outcome:before',
  'outcome:after',
  'put-back:before',
  'put-back:after',
  'mail:before',
  'mail:after',
] as const;

/** Where sanctions and referrals can be made to die, beside the points of every aggregate. */
export const LATER_POINTS = ['shop:before', 'shop:after', 'packet:before', 'packet:after'] as const;
export type DiePoint = (typeof DIE_POINTS)[number] | (typeof LATER_POINTS)[number];
