import { ExhibitClient } from '../../client/exhibits.ts';
import type { AggregateId } from '../../domain/ids.ts';
import { present } from '../../store/register/imports/present.ts';
import { exhibitsFor } from '../case/exhibits.ts';
import type { ServerDeps } from '../deps.ts';
import { type Add, addMessage } from '../message-route.ts';
import { checkFiles } from '../named-files.ts';
import { noteRead } from '../note-read.ts';
import { type App, principalOf, READ_PROBLEMS } from '../route.ts';
import { aggregateParam } from '../schemas/basics.ts';
import { exhibitsSchema } from '../schemas/exhibits.ts';
import { examinationBody, lossBody, receivedBody, testPurchaseBody, transferBody } from '../schemas/referral-messages.ts';

const of = { kind: 'case', tag: 'exhibits', operation: 'exhibit.record' } as const;

/** The physical samples of a case: who held them when, and what was found. */
export function addExhibitRoutes(app: App, deps: ServerDeps): void {
  app.get(
    '/api/cases/:id/exhibits',
    {
      config: { access: { operation: 'exhibit.read', scope: 'read', ids: [{ kind: 'case', in: 'params', name: 'id' }] } },
      schema: {
        tags: ['exhibits'],
        summary: 'The exhibits of a case, their custody and where it has gaps',
        params: aggregateParam,
        response: { 200: exhibitsSchema, ...READ_PROBLEMS },
      },
    },
    async (request) => {
      const who = principalOf(request);
      const view = await exhibitsFor(deps, who, request.params.id as AggregateId);
      await noteRead(deps, who, 'exhibit.read', request.params.id);
      return view;
    },
  );
  const exhibits = new ExhibitClient(deps.client);
  const add: Add = (route) => addMessage(app, deps, route);
  addArrivals(add, exhibits, deps);
  addLater(add, exhibits, deps);
}

function addArrivals(add: Add, exhibits: ExhibitClient, { vault }: ServerDeps): void {
  add({
    ...of,
    path: '/api/cases/:id/test-purchases',
    operation: 'exhibit.order',
    summary: 'An officer has bought one on the marketplace',
    body: testPurchaseBody,
    send: (sender, id, purchase) => exhibits.order(sender, { id }, purchase),
  });
  add({
    ...of,
    path: '/api/cases/:id/exhibits',
    summary: 'The parcel has arrived, a sample is handed in, or a part is taken out of another exhibit',
    body: receivedBody,
    send: async (sender, id, received) => {
      await checkFiles(vault, received.media);
      return exhibits.receive(sender, { id }, present(received));
    },
  });
}

function addLater(add: Add, exhibits: ExhibitClient, { vault }: ServerDeps): void {
  add({
    ...of,
    path: '/api/cases/:id/transfers',
    summary: 'An exhibit changes hands',
    body: transferBody,
    send: (sender, id, transfer) => exhibits.transfer(sender, { id }, present(transfer)),
  });
  add({
    ...of,
    path: '/api/cases/:id/examinations',
    summary: 'The brand has examined it, or an inspection agency whose report an officer records',
    body: examinationBody,
    send: async (sender, id, examination) => {
      await checkFiles(vault, [examination.report]);
      return exhibits.examine(sender, { id }, present(examination));
    },
  });
  add({
    ...of,
    path: '/api/cases/:id/losses',
    summary: 'The parcel never came, or the exhibit cannot be found any more',
    body: lossBody,
    send: (sender, id, { exhibit, why }) => exhibits.lose(sender, { id }, exhibit, why),
  });
}
