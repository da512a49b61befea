import type { CandidatesOut, ReferralOut } from '../../../api/schemas/referrals.ts';
import { type Field, type Form, REASON } from '../case/forms.ts';

const OUTCOMES = ['raid', 'arrest', 'seizure', 'charge', 'verdict', 'facility-closed'];
const DIGITS = /^\d+$/;

/** What each command of a referral asks for, as it stands now. */
export function referralForm(command: string, { draft, questions }: ReferralOut): Form | undefined {
  switch (command) {
    case 'rebuildPacket':
      return { path: 'rebuild', fields: [] };
    case 'waiveItem': {
      const values = [...new Set((draft?.missing ?? []).filter(({ refuses, isWaived }) => !refuses && !isWaived).map(({ item }) => item))];
      return { path: 'waiver', fields: [{ name: 'item', label: 'form.item', kind: 'choice', family: 'missing', values }, REASON] };
    }
    case 'decideReferral':
      return { path: 'decision', fixed: { packet: draft?.packet ?? '' }, fields: [REASON] };
    case 'recordReceipt':
      return { path: 'receipt', fields: [{ name: 'reference', label: 'form.reference', kind: 'line' }] };
    case 'recordQuestion':
      return { path: 'questions', fields: [{ name: 'question', label: 'form.question', kind: 'text' }] };
    case 'answerQuestion': {
      const open = questions.find(({ answer }) => answer === null);
      return { path: 'answers', fixed: { question: open?.number ?? 0 }, fields: [{ name: 'answer', label: 'form.answer', kind: 'text' }] };
    }
    case 'recordFact':
      return { path: 'outcomes', fields: OUTCOME_FIELDS, messageOf: outcomeOf };
    default:
      return END_PATHS[command] === undefined ? undefined : { path: END_PATHS[command], fields: [REASON] };
  }
}

const END_PATHS: Readonly<Record<string, string>> = { recordRefusal: 'refusal', closeReferral: 'closing', withdrawReferral: 'withdrawal' };

const OUTCOME_FIELDS: readonly Field[] = [
  { name: 'outcome', label: 'form.outcome', kind: 'choice', family: 'outcome', values: OUTCOMES },
  { name: 'fact', label: 'form.fact', kind: 'line', isOptional: true },
  { name: 'what', label: 'form.goods', kind: 'line', isOptional: true },
  { name: 'quantity', label: 'form.quantity', kind: 'line', isOptional: true },
  { name: 'amount', label: 'form.amount', kind: 'line', isOptional: true },
  { name: 'currency', label: 'form.currency', kind: 'line', isOptional: true },
  { name: 'source', label: 'form.source', kind: 'line', isOptional: true },
  { name: 'place', label: 'form.place', kind: 'line', isOptional: true },
];

/** One report on one fact; a second source is a second message of the same name. What is half filled in goes as it is: the server says what lacks. */
function outcomeOf(values: Readonly<Record<string, string>>): Record<string, unknown> {
  const of = (name: string) => (values[name] ?? '').trim();
  const given = (name: string) => (of(name) === '' ? {} : { [name]: of(name) });
  const hasGoods = of('what') !== '' || of('quantity') !== '';
  const hasValue = of('amount') !== '' || of('currency') !== '' || of('source') !== '';
  const quantity = DIGITS.test(of('quantity')) ? Number(of('quantity')) : of('quantity');
  return {
    outcome: of('outcome'),
    ...given('fact'),
    ...given('place'),
    ...(hasGoods && { goods: [{ what: of('what'), quantity }] }),
    ...(hasValue && { values: [{ value: { amount: of('amount'), currency: of('currency').toUpperCase() }, source: of('source') }] }),
  };
}

/** What a brand is asked. */
export function appraisalForm(command: string, brand: string): Form | undefined {
  if (command === 'declineAppraisal') return { path: 'decline', fixed: { brand }, fields: [{ ...REASON, isOptional: true }] };
  if (command !== 'giveAppraisal') return undefined;
  return {
    path: 'answer',
    fixed: { brand },
    fields: [
      { name: 'appraisal', label: 'form.appraisal', kind: 'text' },
      { name: 'priceStatement', label: 'form.priceStatement', kind: 'text' },
      { name: 'contact', label: 'form.contact', kind: 'line' },
      { name: 'contactMail', label: 'form.contactMail', kind: 'line', isOptional: true },
      { name: 'contactPhone', label: 'form.contactPhone', kind: 'line', isOptional: true },
    ],
  };
}

/** A referral opened by hand: whose cases, and one of the authorities that may get them. */
export function openForm(candidates: CandidatesOut['lines'], nameOf: (candidate: CandidatesOut['lines'][number]) => string): Form {
  const recipientsOf = (seller: string | undefined) => candidates.find((one) => one.seller === seller)?.recipients ?? [];
  return {
    path: '',
    fields: [
      {
        name: 'seller',
        label: 'referral.actor',
        kind: 'choice',
        values: candidates.map(({ seller }) => seller),
        labels: Object.fromEntries(candidates.map((one) => [one.seller, nameOf(one)])),
      },
      {
        name: 'recipient',
        label: 'form.recipient',
        kind: 'choice',
        valuesOf: ({ seller }) => recipientsOf(seller).map(({ id }) => id),
        labels: Object.fromEntries(candidates.flatMap(({ recipients }) => recipients.map(({ id, name }) => [id, name]))),
      },
      REASON,
    ],
  };
}
