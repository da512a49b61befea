import { z } from 'zod';
import { instantSchema } from './basics.ts';

export const feedsSchema = z
  .object({ lines: z.array(z.object({ organisation: z.string(), name: z.string(), madeAt: instantSchema })) })
  .meta({ id: 'CalendarFeeds', description: 'Never their addresses: these were shown when they were made' });
export const newFeedSchema = z
  .object({ url: z.string().describe('Shown once. Whoever has it reads the deadlines: it is a secret') })
  .meta({ id: 'NewCalendarFeed' });
