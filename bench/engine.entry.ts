import { engineChildArgs, serveEngine } from './engine-child.ts';

await serveEngine(engineChildArgs());
