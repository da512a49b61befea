import type { CandidatesOut, ReferralOut } from '../../../api/schemas/referrals.ts';
import { type Field, type Form, formOf } from '../case/forms.ts';

/** What a command to a referral asks for, as it stands now. */
export function referralForm(command: string, { draft, questions }: ReferralOut): Form | undefined {
  const items = [...new Set((draft?.missing ?? []).filter(({ refuses, isWaived }) => !refuses && !isWaived).map(({ item }) => item))];
  switch (command) {
    case 'waiveItem':
      return formOf(command, { choices: { item: items } });
    case 'decideReferral':
      return formOf(command, { fixed: { packet: draft?.packet ?? '' } });
    case 'answerQuestion':
      return formOf(command, { fixed: { question: questions.find(({ answer }) => answer === null)?.number ?? 0 } });
    default:
      return formOf(command);
  }
}

/** A referral opened by hand: whose cases, and one of the authorities that may get them. */
export function openForm(candidates: CandidatesOut['lines'], nameOf: (candidate: CandidatesOut['lines'][number]) => string): Form {
  const recipientsOf = (seller: string | undefined) => candidates.find((one) => one.seller === seller)?.recipients ?? [];
  const form = formOf('openReferral');
  const choices: Readonly<Record<string, Pick<Field, 'label' | 'values' | 'valuesOf' | 'labels'>>> = {
    seller: {
      label: 'referral.actor',
      values: candidates.map(({ seller }) => seller),
      labels: Object.fromEntries(candidates.map((one) => [one.seller, nameOf(one)])),
    },
    recipient: {
      valuesOf: ({ seller }) => recipientsOf(seller).map(({ id }) => id),
      labels: Object.fromEntries(candidates.flatMap(({ recipients }) => recipients.map(({ id, name }) => [id, name]))),
    },
  };
  const asked = (form?.fields ?? []).filter(({ isOptional }) => !isOptional);
  return {
    path: '',
    fields: asked.map((field) => (choices[field.name] === undefined ? field : { ...field, kind: 'choice', ...choices[field.name] })),
  };
}
