import { beforeAll, describe, expect, it } from 'vitest';
import { strayModules, workflowModules, type WorkflowModules } from '../../scripts/workflow-bundle.ts';
import { MESSAGE_SIGNAL, TaskQueue, TICK_SIGNAL, WORKFLOW_OF, WorkflowType } from '../../workflows/contracts.ts';
import * as workflows from '../../workflows/index.ts';

let bundle: WorkflowModules = { bytes: 0, modules: [] };
beforeAll(async () => {
  bundle = await workflowModules();
});

describe('the workflow bundle', () => {
  it('holds workflows, domain and the SDK, and nothing else', () => {
    expect(bundle.modules).toContain('workflows/interpreter.ts');
    expect(strayModules(bundle.modules)).toEqual([]);
  });

  it('holds no node builtin, no validation, no store and no rule', () => {
    const forbidden = /node:|\/zod\/|mikro-orm|\/pg\/|^store\/|^activities\/|^domain\/(case|appeal)\//;
    expect(bundle.modules.filter((name) => forbidden.test(name))).toEqual([]);
  });

  it('would be told from a bundle that does', () => {
    expect(strayModules(['node_modules/zod/index.js', 'store/log/advance.ts', 'workflows/index.ts', 'node:crypto'])).toEqual([
      'node_modules/zod/index.js',
      'store/log/advance.ts',
      'node:crypto',
    ]);
  });

  it('stays small: every worker loads it into every sandbox', () => {
    expect(bundle.bytes).toBeLessThan(2_500_000);
  });
});

describe('the names on the wire', () => {
  it('never change: running workflows and recorded histories carry them', () => {
    expect({ signals: [MESSAGE_SIGNAL, TICK_SIGNAL], queues: TaskQueue, types: WorkflowType, of: WORKFLOW_OF }).toMatchInlineSnapshot(`
      {
        "of": {
          "appeal": "appealWorkflow",
          "case": "caseWorkflow",
          "referral": "referralWorkflow",
          "sanction": "sanctionWorkflow",
        },
        "queues": {
          "cases": "interdict-cases",
          "marketplace": "interdict-marketplace",
          "sweeps": "interdict-sweeps",
        },
        "signals": [
          "message",
          "tick",
        ],
        "types": {
          "appeal": "appealWorkflow",
          "case": "caseWorkflow",
          "letter": "letterWorkflow",
          "referral": "referralWorkflow",
          "sanction": "sanctionWorkflow",
          "sweep": "sweepWorkflow",
        },
      }
    `);
  });

  it('are those of the exported functions', () => {
    expect(Object.keys(workflows).sort()).toEqual(Object.values(WorkflowType).sort());
  });
});
