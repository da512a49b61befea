#!/usr/bin/env node
/** `npx interdict COMMAND` in a checkout: the same as `npm run interdict -- COMMAND`. */
process.argv.splice(2, 0, 'interdict');
await import('./bootstrap.js');
