import { Capacity, cause } from '../aggregate.ts';
import { refuse } from '../refusals.ts';
import { type CaseHandler, decideEvents, OPEN } from './command.ts';

/** The seller contests while the case is open; possible once the listing has been removed. */
export const fileCounterNotice: CaseHandler<'fileCounterNotice'> = {
  by: [Capacity.seller],
  in: OPEN,
  decide(state, command) {
    if (state.removed !== true) return refuse('nothing-to-contest');
    if (state.statement !== undefined) return refuse('contested-already');
    return decideEvents({ type: 'CounterNoticeFiled', statement: command.statement, cause: cause(command) });
  },
};

/** The marketplace makes the seller known while the case is open. */
export const identifySeller: CaseHandler<'identifySeller'> = {
  by: [Capacity.governance, Capacity.engine],
  in: OPEN,
  decide(state, command) {
    if (state.seller !== undefined) return refuse('seller-known');
    return decideEvents({ type: 'SellerIdentified', seller: command.seller, cause: cause(command) });
  },
};
