export { appealWorkflow } from './appeal.workflow.ts';
export { caseWorkflow } from './case.workflow.ts';
export { letterWorkflow } from './letter.workflow.ts';
export { referralWorkflow } from './referral.workflow.ts';
export { sanctionWorkflow } from './sanction.workflow.ts';
export { sweepWorkflow } from './sweep.workflow.ts';
