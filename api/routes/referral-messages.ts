import { ReferralClient } from '../../client/referrals.ts';
import { present } from '../../store/register/imports/present.ts';
import type { ServerDeps } from '../deps.ts';
import { type Add, addMessage } from '../message-route.ts';
import { checkFiles } from '../named-files.ts';
import type { App } from '../route.ts';
import { emptyBody, reasonBody } from '../schemas/messages.ts';
import {
  answerBody,
  appraisalBody,
  declineBody,
  openReferralBody,
  outcomeBody,
  questionBody,
  receiptBody,
  referralDecisionBody,
  waiveBody,
} from '../schemas/referral-messages.ts';

const of = { kind: 'referral', tag: 'referrals' } as const;

/** Everything that can be said to a referral. */
export function addReferralMessageRoutes(app: App, deps: ServerDeps): void {
  const add: Add = (route) => addMessage(app, deps, route);
  const referrals = new ReferralClient(deps.client);
  addPreparation(add, referrals);
  addAppraisals(add, referrals, deps);
  addAuthority(add, referrals);
  addEnds(add, referrals);
}

function addPreparation(add: Add, referrals: ReferralClient): void {
  add({
    path: '/api/referrals',
    operation: 'referral.open',
    also: [
      { kind: 'seller', in: 'body', name: 'seller' },
      { kind: 'recipient', in: 'body', name: 'recipient' },
    ],
    tag: 'referrals',
    summary: 'Opens a referral by hand, or gives the open one',
    body: openReferralBody,
    send: (sender, _, wanted) => referrals.open(sender, present(wanted)),
  });
  add({
    ...of,
    path: '/api/referrals/:id/rebuild',
    operation: 'referral.prepare',
    summary: 'Builds the packet again',
    body: emptyBody,
    send: (sender, id) => referrals.rebuild(sender, id),
  });
  add({
    ...of,
    path: '/api/referrals/:id/waiver',
    operation: 'referral.prepare',
    summary: 'Lets the packet go without an item that cannot be had',
    body: waiveBody,
    send: (sender, id, { item, reason }) => referrals.waive(sender, id, item, reason),
  });
  add({
    ...of,
    path: '/api/referrals/:id/decision',
    operation: 'referral.decide',
    summary: 'Lets exactly this packet go out, which takes two people, or stops it',
    body: referralDecisionBody,
    send: (sender, id, { decision, packet, reason }) => referrals.decide(sender, id, decision, packet, reason),
  });
}

function addAppraisals(add: Add, referrals: ReferralClient, { vault }: ServerDeps): void {
  const ofBrand = {
    kind: 'referral',
    tag: 'appraisals',
    operation: 'appraisal.give',
    also: [{ kind: 'organisation', in: 'body', name: 'brand' }],
  } as const;
  add({
    ...ofBrand,
    path: '/api/appraisals/:id/answer',
    summary: "The brand's appraisal, price statement and contact; given again, it replaces what was said",
    body: appraisalBody,
    send: async (sender, id, words) => {
      await checkFiles(
        vault,
        words.documents.map(({ digest }) => digest),
      );
      return referrals.appraise(sender, id, present(words));
    },
  });
  add({
    ...ofBrand,
    path: '/api/appraisals/:id/decline',
    summary: 'The brand does not appraise: its cases are left out',
    body: declineBody,
    send: (sender, id, { brand, reason }) => referrals.decline(sender, id, brand, reason),
  });
}

function addAuthority(add: Add, referrals: ReferralClient): void {
  const record = { ...of, operation: 'referral.record' } as const;
  add({
    ...record,
    path: '/api/referrals/:id/receipt',
    summary: 'The authority has received it',
    body: receiptBody,
    send: (sender, id, { reference }) => referrals.receipt(sender, id, reference),
  });
  add({
    ...record,
    path: '/api/referrals/:id/questions',
    summary: 'The authority asks something',
    body: questionBody,
    send: (sender, id, { question }) => referrals.question(sender, id, question),
  });
  add({
    ...record,
    path: '/api/referrals/:id/answers',
    summary: "Answers one of the authority's questions by mail",
    body: answerBody,
    send: (sender, id, { question, answer }) => referrals.answer(sender, id, question, answer),
  });
  add({
    ...record,
    path: '/api/referrals/:id/outcomes',
    also: [{ kind: 'case', in: 'body', name: 'cases' }],
    summary: 'What the authority has done; several reports on one fact add their sources',
    body: outcomeBody,
    send: (sender, id, { fact, outcome, ...report }) => referrals.outcome(sender, id, present({ fact: fact ?? outcome, outcome, ...report })),
  });
}

function addEnds(add: Add, referrals: ReferralClient): void {
  const end = { ...of, operation: 'referral.end', body: reasonBody } as const;
  add({
    ...end,
    path: '/api/referrals/:id/refusal',
    summary: 'The authority does not take it on',
    send: (sender, id, { reason }) => referrals.refuse(sender, id, reason),
  });
  add({
    ...end,
    path: '/api/referrals/:id/closing',
    summary: 'Ends it, with whatever came of it',
    send: (sender, id, { reason }) => referrals.close(sender, id, reason),
  });
  add({
    ...end,
    path: '/api/referrals/:id/withdrawal',
    summary: 'Takes it back',
    send: (sender, id, { reason }) => referrals.withdraw(sender, id, reason),
  });
}
