import type { AggregateId } from '../../domain/ids.ts';
import { exhibitsFor } from '../case/exhibits.ts';
import type { ServerDeps } from '../deps.ts';
import { noteRead } from '../note-read.ts';
import { type App, principalOf, READ_PROBLEMS } from '../route.ts';
import { aggregateParam } from '../schemas/basics.ts';
import { exhibitsSchema } from '../schemas/exhibits.ts';

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
}
