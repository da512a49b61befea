import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseStory, ScenarioError } from '../../scenarios/runner/document.ts';
import { scenarioJsonSchema } from '../../scenarios/runner/json-schema.ts';
import { policyOf } from '../../scenarios/runner/policy.ts';
import { elapsedMs, instantPrefix } from '../../scenarios/runner/values.ts';
import { LONGEST_DOCUMENT, type Problem } from '../../scenarios/runner/yaml-text.ts';

function problemsOf(text: string): readonly Problem[] {
  try {
    parseStory(text, 'story.yaml');
    return [];
  } catch (error) {
    if (error instanceof ScenarioError) return error.problems;
    throw error;
  }
}

/** What is said of a document, as `line: what; cure`. */
function problemsIn(text: string): readonly string[] {
  return problemsOf(text).map(({ line, what, cure }) => `${line}: ${what}; ${cure}`);
}

const HEAD = 'name: a-story\nsteps:\n';

describe('a wrong document is explained by name and line', () => {
  it.each([
    ['an unknown operation', `${HEAD}  - does: sweep\n  - does: verdcit\n`, /^4: there is no operation "verdcit".*did you mean "verdict"\?/],
    [
      'an unknown field of a step',
      `${HEAD}  - does: sweep\n    makretplace: bazaar\n`,
      /^4: unknown field "makretplace" in the step "sweep".*did you mean "marketplace"\?/,
    ],
    ['an unknown field of the document', `${HEAD}  - does: sweep\ngivn: {}\n`, /^4: unknown field "givn".*did you mean "given"\?/],
    ['an unknown kind of row', `${HEAD}  - does: sweep\ngiven:\n  persons: []\n`, /^5: unknown field "persons".*organisations, people/],
    [
      'an unknown field of a row',
      `${HEAD}  - does: sweep\ngiven:\n  people:\n    - { id: a, name: A, role: brand-reviewer, mial: a@b.test }\n`,
      /^6: unknown field "mial".*did you mean "mail"\?/,
    ],
    [
      'a wrong value in a row',
      `${HEAD}  - does: sweep\ngiven:\n  people:\n    - id: a\n      name: A\n      role: king\n`,
      /^8: .*role: is none of governance-officer/,
    ],
    ['a step that does nothing', `${HEAD}  - who: officer\n`, /^3: the step does not say what it "does"/],
    [
      'a missing argument',
      `${HEAD}  - who: o\n    does: open\n    listing: l\n    holder: h\n`,
      /^3: .*reason is missing in the step "open"; add it/,
    ],
    [
      'a wrong verdict',
      `${HEAD}  - who: o\n    does: verdict\n    case: c\n    verdict: fake\n    reason-code: price\n`,
      /^6: .*verdict: .*\(it is "fake"\)/,
    ],
    ['a duration that is none', `${HEAD}  - does: wait\n    after: 2 working-days\n`, /^4: .*after: is no elapsed time.*\(it is "2 working-days"\)/],
    ['an instant without a zone', `${HEAD}  - does: wait\n    at: 2025-10-13T09:00\n`, /^4: .*at: is not a valid instant/],
    ['two times', `${HEAD}  - does: wait\n    at: 2025-10-13T09:00:00Z\n    after: 1 hour\n`, /^4: the step has both/],
    [
      'a name that nobody has given',
      `${HEAD}  - does: wait\nexpect:\n  - case: watch\n    status: lapsed\n`,
      /^5: no earlier step is called "watch"/,
    ],
    ['a case that is not named', `${HEAD}  - who: o\n    does: cancel\n`, /^3: the step "cancel" does not name its case/],
    [
      'an unknown expectation',
      `${HEAD}  - does: wait\nexpect:\n  - mail: { to: a@b.test }\n`,
      /^5: an expectation about nothing known \(mail\).*did you mean "mails"\?/,
    ],
    [
      'an unknown field of an expectation',
      `${HEAD}  - does: wait\nexpect:\n  - listing: l\n    state: live\n`,
      /^6: unknown field "state" in the expectation about "listing".*did you mean "status"\?/,
    ],
    [
      'an expected event in a wrong form',
      `${HEAD}  - does: wait\nexpect:\n  - case: { listing: l }\n    events:\n      - CaseOpened on Monday\n`,
      /^7: .*"CaseOpened on Monday" is no expected event/,
    ],
    ['broken YAML', 'name: [a\nsteps: }\n', /^2: /],
    ['an empty document', '', /^1: the document is empty/],
    [
      'JSON, in its own lines',
      '{\n "name": "a-story",\n "steps": [\n  { "does": "swep" }\n ]\n}',
      /^4: there is no operation "swep".*did you mean "sweep"\?/,
    ],
  ])('%s', (_, text, expected) => {
    const lines = problemsIn(text);
    expect(
      lines.some((line) => expected.test(line)),
      lines.join('\n'),
    ).toBe(true);
    expect(lines.every((line) => /^\d+: .+; .+/.test(line))).toBe(true);
  });

  it('names every problem, in order of lines', () => {
    const lines = problemsOf(`${HEAD}  - does: swep\n  - does: wait\n    uhm: 1\nexpect:\n  - case: { listing: l }\n    staus: lapsed\n`).map(
      ({ line }) => line,
    );
    expect(lines).toEqual([3, 5, 8]);
  });
});

describe('a hostile document', () => {
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghi'].map((name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[at]}`).join(',')}]`).join('\n')}\n`;
  it.each([
    ['is too long', `name: a\n${'#'.repeat(LONGEST_DOCUMENT)}`],
    ['multiplies aliases', bomb],
    ['nests deeply', '['.repeat(100_000)],
    ['is many documents', 'name: a\n---\nname: b\n'],
    ['says a key twice', 'name: a\nname: b\nsteps: []\n'],
    ['is no object', '- 1\n- 2\n'],
    ['is bytes', '\u0000\u0001\u0002'],
    ['takes prototypes', 'name: a-story\nsteps: []\n__proto__: { polluted: true }\n'],
  ])('%s: refused with a place and a cure', (_, text) => {
    const problems = problemsOf(text);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.every(({ line, what, cure }) => line > 0 && what !== '' && cure !== '')).toBe(true);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });
});

describe('a policy that a story changes', () => {
  const story = (policy: string) => parseStory(`${HEAD}  - does: wait\npolicy:\n${policy}`, 'story.yaml');

  it('keeps everything else of the shipped one and says who changed it', async () => {
    const document = await policyOf(story('  confirmation.lapseAfter: 30 working-hours\n'));
    expect(document['confirmation']).toMatchObject({
      lapseAfter: { value: { n: 30, unit: 'working-hours' }, source: 'changed by the story a-story' },
      escalateAfter: { value: { n: 20, unit: 'working-hours' } },
    });
  });

  it.each([
    [
      'an unknown value',
      '  confirmation:\n    lapsAfter: 30 working-hours\n',
      /^story.yaml:6: the policy has no "lapsAfter".*did you mean "lapseAfter"\?/,
    ],
    ['an impossible value', '  confirmation:\n    lapseAfter: 10 working-hours\n', /escalation after 20 working-hours is not before the lapse/],
    ['a section as a value', '  confirmation: 3\n', /^story.yaml:5: "confirmation" of the policy is a section/],
  ])('is refused with %s', async (_, policy, expected) => {
    await expect(policyOf(story(policy))).rejects.toThrow(expected);
  });
});

it('reads elapsed times and beginnings of instants', () => {
  expect(['90 minutes', '1 hour 30 minutes', '1.5 hours', '1 hour and 30 minutes'].map(elapsedMs)).toEqual(Array(4).fill(5_400_000));
  expect(['', '3', 'hours', '2 working-days', '1 hour 3'].map(elapsedMs)).toEqual(Array(5).fill(undefined));
  expect(instantPrefix('2025-10-13T11:00+02:00')).toBe('2025-10-13T09:00');
  expect(instantPrefix('2025-10-13')).toBe('2025-10-13');
  expect(['2025-13-01', '2025-10-13 09:00', '2025-10-13+02:00'].map(instantPrefix)).toEqual([undefined, undefined, undefined]);
});

it('scenarios/schema.json is current (scripts/write-scenario-schema.ts writes it)', () => {
  expect(readFileSync(fileURLToPath(new URL('../../scenarios/schema.json', import.meta.url)), 'utf8')).toBe(scenarioJsonSchema());
});

describe('a word of an earlier version', () => {
  const EARLIER = `${HEAD}  - does: sweep
    expect:
      - mails: { to: a@b.test, kind: counter-statement, text: counter-statement }
expect:
  - appeal: { case: { listing: 'm:1', holder: org-a }, kind: counter-statement }
    events: [CounterStatementFiled]
`;

  it('is understood, and named with its line and the word of today', () => {
    const { scenario, earlier } = parseStory(EARLIER, 'story.yaml');
    expect(earlier).toEqual([
      { line: 5, word: 'counter-statement', today: 'counter-notice' },
      { line: 7, word: 'counter-statement', today: 'counter-notice' },
      { line: 8, word: 'CounterStatementFiled', today: 'CounterNoticeFiled' },
    ]);
    expect(scenario.expect[0]).toMatchObject({ appeal: { kind: 'counter-notice' }, events: [{ type: 'CounterNoticeFiled' }] });
  });

  it('is left alone where a person wrote it', () => {
    expect(JSON.stringify(parseStory(EARLIER, 'story.yaml').scenario)).toContain('"text":"counter-statement"');
  });
});
