/** A refusal is data: a code from a closed set, a sentence, and what would cure it. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly cure: string;
}

/** Every refusal of the rules: what failed and what cures it. Refusals are data, never exceptions. */
const REFUSALS = {
  'not-opened': ['There is no such aggregate yet.', 'Open it first.'],
  'already-open': ['This case is open already.', 'Use the live case named in the answer.'],
  'is-final': ['This is closed and sealed.', 'Nothing can be added; what the rules allow after the seal opens an appeal.'],
  'not-now': ['This cannot be done in the present status.', 'See the case for what can be done now.'],
  'wrong-capacity': ['This is not for the capacity you act in.', 'Ask a person who holds the capacity named in the glossary for this act.'],
  'no-mandate': ['You hold no mandate for this organisation.', 'Have the organisation name you, then send it again.'],
  'mandate-revoked': ['Your mandate for this organisation had ended.', 'Have the organisation renew it, then send it again.'],
  'already-answered': ['This answer is already on record.', 'Nothing to do; a different verdict would be a correction.'],
  'answered-meanwhile': ['Another answer is on record by now.', 'Look at it; if yours is to replace it, send it as a correction.'],
  'reason-code-unknown': ['The reason code is not in the policy for this verdict.', 'Choose one of the codes that the policy lists for the verdict.'],
  'right-not-in-case': ['An answer names a right that is not part of the case.', 'Answer only for the rights listed in the case.'],
  'version-known': ['This listing version is already part of the case.', 'Nothing to do.'],
  'no-extension': ['The policy gives you no extension.', 'Answer within the window, or ask the account manager.'],
  'extended-already': ['The window was extended before.', 'The policy allows one extension.'],
  'extension-too-long': ['The extension is longer than the policy allows.', 'Ask for a shorter one.'],
  'nothing-to-contest': ['No restriction on this seller stands in this case.', 'There is nothing to contest.'],
  'contested-already': ['A counter-statement is already on record.', 'Wait for its decision.'],
  'contest-too-late': ['The window to contest has ended.', 'The window and its source are in the statement of reasons.'],
  'seller-known': ['The seller of this case is known.', 'Nothing to do.'],
  'holder-known': ['The case is with this rights holder already.', 'Nothing to do.'],
  'acting-already': ['A measure has been ordered, so the case cannot be cancelled.', 'Let the brand correct its answer, or overturn it on appeal.'],
  superseded: ['The rights holder has said something else since.', 'File the notice of the later answer, if there is one.'],
  'four-eyes': ['You opened one of the cases behind this yourself.', 'Ask another officer to decide.'],
  'exhibit-known': [
    'An exhibit of this number is on record.',
    'Give each exhibit a number of its own; a transfer or an examination names the known one.',
  ],
  'exhibit-unknown': ['No exhibit of this number is at hand.', 'Record its receipt first; what is lost cannot be handed on, examined or named.'],
  'recipient-unknown': ['The register has no such recipient.', 'Import recipients first, or check the id.'],
  'no-intake': ['The recipient does not take packets of this profile.', 'Choose one of the profiles that the register lists for it.'],
  'no-jurisdiction': [
    'The recipient has no jurisdiction in any market of these cases.',
    'Choose the recipient of the market in which the goods are offered.',
  ],
  'nothing-qualifies': [
    'No case of this actor qualifies for this recipient.',
    'Only sealed cases that acted, stand, and were not referred before qualify.',
  ],
  'not-asked': ['This brand is not asked in this referral.', 'Answer only for a brand whose cases are in it.'],
  'packet-differs': ['The packet is not this one (any more).', 'Look at the packet that the referral names now, then decide on that one.'],
  'same-person': ['You have proposed this yourself.', 'A second person has to approve it.'],
  'not-missing': ['Nothing of this kind is missing.', 'See the list of what is missing in the referral.'],
  'cannot-waive': ['The packet must not go out without this.', 'Mend what is missing as its cure says, then have the packet built again.'],
  'mail-under-way': ['The packet is being mailed right now.', 'Wait until the mail host has answered.'],
  'question-unknown': ['No such question is open.', 'Answer a question by its number, once.'],
  'case-not-referred': ['A case named here is not in this referral.', 'Name cases that were sent, or none at all.'],
  'fact-differs': ['A fact of this name is another kind of outcome.', 'Give each fact a name of its own; several sources report on one fact.'],
  'nothing-provisional': ['No instant here waits for a calendar.', 'Nothing to do.'],
  'not-owed': ['No such effect is owed.', 'Nothing to do.'],
} as const satisfies Record<string, readonly [string, string]>;

export type RefusalCode = keyof typeof REFUSALS;

/** A refusal by its code. */
export function refuse(code: RefusalCode): { readonly refused: Refusal } {
  const [message, cure] = REFUSALS[code];
  return { refused: { code, message, cure } };
}

/** All codes, for documents and tests. */
export function refusalCodes(): readonly RefusalCode[] {
  return Object.keys(REFUSALS) as RefusalCode[];
}
