import type { Command, Event } from '../../domain/aggregate.ts';
import { plusMs } from '../../domain/instant.ts';
import { Story, type Told, type World } from './story.ts';

const WORLDS: readonly World[] = [{ otherGrounds: false }, { otherGrounds: true }];

/**
 * Every decision that can be reached from the given stories, breadth first: in each situation every proper command is tried in every world.
 * `situation` says what tells two states apart; it keeps instants, keys and counters out, or there would be no end.
 */
export function explore<S, C extends Command, E extends Event>(
  starts: readonly Story<S, C, E>[],
  commands: (story: Story<S, C, E>) => readonly C[],
  situation: (state: S) => string,
  worlds: readonly World[] = WORLDS,
): readonly Told<S, C, E>[] {
  const seen = new Set<string>();
  const told: Told<S, C, E>[] = [];
  let frontier = starts;
  while (frontier.length > 0) {
    const next: Story<S, C, E>[] = [];
    for (const story of frontier) {
      told.push(...story.told.slice(-1));
      const key = situation(story.state);
      if (seen.has(key) || story.isFinal()) continue;
      seen.add(key);
      for (const command of commands(story)) next.push(...worlds.map((world) => after(story, command, world)));
    }
    frontier = next;
  }
  return told;
}

function after<S, C extends Command, E extends Event>(story: Story<S, C, E>, command: C, world: World): Story<S, C, E> {
  const branch = new Story<S, C, E>(story.rules, story.id);
  branch.state = story.state;
  branch.now = command.at;
  branch.tell(command, world);
  branch.now = plusMs(branch.now, 60_000);
  return branch;
}
