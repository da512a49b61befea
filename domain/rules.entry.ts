/** What `rules.mjs` exports: everything that re-decides an exported aggregate, with no other file and no server. */
export { redecide, verifyChain } from './verify-decisions.ts';
