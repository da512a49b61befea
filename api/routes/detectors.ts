import { z } from 'zod';
import { Detector } from '../../domain/policy/detection-policy.ts';
import { type PolicyDocument, policyDigest, sourceOf, valuesOf } from '../../domain/policy/policy.ts';
import { withDetector } from '../../domain/policy/stop-detector.ts';
import { storePolicy } from '../../store/register/policies.ts';
import { work } from '../../store/connection/orm.ts';
import { policyDocument } from '../../store/queries/aggregate.ts';
import type { ServerDeps } from '../deps.ts';
import { refuse } from '../problems.ts';
import { type App, principalOf, READ_PROBLEMS, WRITE_PROBLEMS } from '../route.ts';
import { detectorBody, detectorsSchema, digestSchema } from '../schemas/register.ts';

const tags = ['policies'];

/** Which detectors the policy in force has stopped; stopping one is a new policy version with the reason as its source. */
export function addDetectorRoutes(app: App, deps: ServerDeps): void {
  app.get(
    '/api/detectors',
    {
      config: { access: { operation: 'policy.read', scope: 'read' } },
      schema: { tags, summary: 'Every detector, and whether it is stopped', response: { 200: detectorsSchema, ...READ_PROBLEMS } },
    },
    async () => {
      const document = await documentInForce(deps);
      const { stopped } = valuesOf(document).detection;
      const source = sourceOf(document, 'detection.stopped') ?? null;
      return { source, lines: Object.values(Detector).map((detector) => ({ detector, isStopped: stopped.includes(detector) })) };
    },
  );
  app.put(
    '/api/detectors/:detector',
    {
      config: { access: { operation: 'policy.activate', scope: 'write' } },
      schema: {
        tags,
        summary: 'Stops a detector or starts it again: a new policy version, for sweeps from now on. As it is already: nothing changes.',
        params: z.object({ detector: z.enum(Detector) }),
        body: detectorBody,
        response: { 200: digestSchema, ...WRITE_PROBLEMS },
      },
    },
    async (request) => {
      const { isStopped, reason } = request.body;
      const why = `${isStopped ? 'stopped' : 'started again'} by ${principalOf(request).id}: ${reason}`;
      const before = await documentInForce(deps);
      const after = withDetector(before, request.params.detector, isStopped, why);
      return { digest: after === before ? policyDigest(before) : await storePolicy(work(deps.engine), after, deps.clock.now()) };
    },
  );
}

async function documentInForce({ engine, policies, clock }: ServerDeps): Promise<PolicyDocument> {
  const em = work(engine);
  const { digest } = await policies.current(em, clock.now());
  const row = await policyDocument(em, digest);
  // Only checked documents are stored.
  return row === null ? refuse('not-found') : (row.document as PolicyDocument);
}
