/** The kinds of files that `import` and `answer` read. */
export const ImportKind = {
  listings: 'listings',
  rights: 'rights',
  organisations: 'organisations',
  people: 'people',
  authorisedSellers: 'authorised-sellers',
  references: 'references',
  sellers: 'sellers',
  recipients: 'recipients',
  answers: 'answers',
} as const;
export type ImportKind = (typeof ImportKind)[keyof typeof ImportKind];
