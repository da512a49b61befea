/** A refusal is data: a code from a closed set, a sentence, and what would cure it. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly cure: string;
}

/** Every refusal of the rules: what failed and what cures it. Refusals are data, never exceptions. */
const REFUSALS = {
  'not-opened': ['This has not been opened yet.', 'Open it first.'],
  'already-open': ['This is already open.', 'Use the one that the answer names.'],
  'is-final': ['This is closed and sealed.', 'Nothing can be added. What the rules allow after the seal opens an appeal.'],
  'not-now': ['This cannot be done in the current status.', 'Look at the case to see what can be done now.'],
  'wrong-capacity': ['Your role may not do this.', 'Ask a person whose role may do it; the glossary names the roles.'],
  'no-mandate': ['You have no mandate for this organisation.', 'Ask the organisation to name you, then send it again.'],
  'mandate-revoked': ['Your mandate for this organisation has ended.', 'Ask the organisation to renew it, then send it again.'],
  'already-answered': ['This answer is already on record.', 'There is nothing to do. A different verdict would be a correction.'],
  'answered-meanwhile': ['Somebody else has answered in the meantime.', 'Look at their answer. To replace it, send yours as a correction.'],
  'reason-code-unknown': ['The reason code is not in the policy for this verdict.', 'Choose a code that the policy lists for this verdict.'],
  'right-not-in-case': ['The answer names a right that is not part of this case.', 'Answer only for the rights that the case lists.'],
  'version-known': ['This version of the listing is already part of the case.', 'There is nothing to do.'],
  'no-extension': ['The policy gives you no extension.', 'Answer within the window, or ask the account manager.'],
  'extended-already': ['The time to answer has already been extended.', 'The policy allows one extension.'],
  'extension-too-long': ['The extension is longer than the policy allows.', 'Choose a shorter one.'],
  'nothing-to-contest': ['This case does not restrict the seller at present.', 'There is nothing to contest.'],
  'contested-already': ['A counter-notice is already on record.', 'Wait for the decision on it.'],
  'contest-too-late': ['The time to contest has ended.', 'The statement of reasons says until when it was possible, and under which rule.'],
  'seller-known': ['The seller of this case is already known.', 'There is nothing to do.'],
  'holder-known': ['The case already belongs to this rights holder.', 'There is nothing to do.'],
  'acting-already': [
    'A measure has been ordered, so the case cannot be cancelled.',
    'Ask the brand to correct its answer, or overturn the decision on appeal.',
  ],
  superseded: ['The rights holder has given a different answer since.', 'File the notice that goes with the later answer, if there is one.'],
  'four-eyes': ['You opened one of the cases behind this yourself.', 'Ask another officer to decide.'],
  'exhibit-known': [
    'An exhibit with this number is already on record.',
    'Give each exhibit its own number. To record a transfer or an examination, use the number on record.',
  ],
  'exhibit-unknown': [
    'No exhibit with this number is available.',
    'Record its receipt first. A lost exhibit cannot be transferred, examined or cited.',
  ],
  'recipient-unknown': ['The register has no such authority.', 'Import the authority first, or check its id.'],
  'no-intake': ['The authority does not accept packets of this profile.', 'Choose a profile that the register lists for it.'],
  'no-jurisdiction': [
    'The authority has no jurisdiction in any market of these cases.',
    'Choose the authority of the market in which the goods are offered.',
  ],
  'nothing-qualifies': [
    'No case of this actor qualifies for this authority.',
    'Only closed cases qualify whose listing was removed, whose decision stands, and that were not referred before.',
  ],
  'not-asked': ['This referral does not ask this brand.', 'Answer only for a brand whose cases are part of the referral.'],
  'packet-differs': ['The referral now has a different packet.', 'Look at the packet that the referral names now, then decide on that one.'],
  'same-person': ['You proposed this yourself.', 'A second person must approve it.'],
  'not-missing': ['Nothing of this kind is missing.', 'The referral lists what is missing.'],
  'cannot-waive': ['The packet must not go out without this.', 'Supply what is missing, as the list says, then have the packet built again.'],
  'mail-under-way': ['The packet is being sent right now.', 'Wait until the mail server has answered.'],
  'question-unknown': ['There is no open question with this number.', 'Answer each question once, by its number.'],
  'case-not-referred': ['A case named here is not part of this referral.', 'Name only cases that were sent, or none.'],
  'fact-differs': [
    'A fact with this name is already recorded as a different kind of action.',
    'Give each fact its own name. Reports of several sources on one fact share its name.',
  ],
  'nothing-provisional': ['No date here waits for a calendar.', 'There is nothing to do.'],
  'not-owed': ['No such effect is owed.', 'There is nothing to do.'],
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
