import type { CaseTarget, Sender, Sent } from '../../client/case-client.ts';
import { ExhibitClient } from '../../client/exhibits.ts';
import { present } from '../../store/register/imports/present.ts';
import type { Session } from './session.ts';
import type { ExhibitStep } from './step-schemas.ts';

/** Sends a step about an exhibit; texts that stand for files go into the vault first. */
export async function sendExhibit({ stack }: Session, step: ExhibitStep, sender: Sender, target: CaseTarget): Promise<Sent> {
  const client = new ExhibitClient(stack.client);
  const kept = (text: string) => stack.vault.put(new TextEncoder().encode(text));
  const { exhibit } = step;
  switch (step.does) {
    case 'order-test-purchase':
      return client.order(sender, target, { exhibit, order: step.order, price: step.price });
    case 'receive-exhibit': {
      const { what, condition, parent, seal } = step;
      const media = await Promise.all(step.media.map(kept));
      return client.receive(sender, target, present({ exhibit, what, condition, media, parent, seal }));
    }
    case 'transfer-exhibit': {
      const { from, to, why, receiver, seal, hash } = step;
      return client.transfer(sender, target, present({ exhibit, to, why, from, receiver, seal, hash }));
    }
    case 'examine-exhibit': {
      const { verdict, agency, seal } = step;
      return client.examine(sender, target, present({ exhibit, verdict, report: await kept(step.report), agency, seal, newSeal: step['new-seal'] }));
    }
    case 'lose-exhibit':
      return client.lose(sender, target, exhibit, step.why);
  }
}
