/** Whether other aggregates hold a listing down (read under the listing's lock). */
export interface GroundsQuestions {
  readonly grounds?: { readonly marketplace: string; readonly listing: string };
}

export interface GroundsFacts {
  readonly otherGrounds?: boolean;
}
