// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { z } from 'zod';
import { attestationMessage, conflictOf, type Attestation } from '../../protocol/attestation.ts';
import { sign } from '../../protocol/eddsa.ts';
import { attestationSchema, signedAttestationSchema } from '../schemas/attestation.ts';
import { apiKeys } from '../store/redis-keys.ts';
import { ApiFixture, INTERVAL, NOW_SECONDS, type Wire } from '../testing/api-fixture.ts';
import { startApiProcess, type ApiProcess } from '../testing/api-process.ts';
import { keyOf, plantedSet, plantedVotes, secretOf, toAttestation } from '../testing/planted-votes.ts';
import { conflicts, type ModelVote } from '../testing/votes.ts';

const run = promisify(execFile);
const [SEED, VALIDATORS, PER_VALIDATOR, PROCESSES] = [2026, 40, 2_500, 3];
/** Votes under way at a time, each to every process at once. */
const IN_FLIGHT = 8;

const sealed = plantedSet(VALIDATORS, NOW_SECONDS);
const { history, late } = plantedVotes(SEED, VALIDATORS, PER_VALIDATOR);
const validatorOfX = new Map(Array.from({ length: VALIDATORS }, (_, i) => [`${keyOf(sealed, i).x}`, i]));

let api: ApiFixture;
const processes: ApiProcess[] = [];

before(async () => {
  api = await ApiFixture.start();
  api.seal(sealed);
  assert.equal((await api.publishSet(sealed)).status, 201);
});
after(async () => {
  await Promise.all(processes.map((one) => one.kill()));
  await api.stop();
});

test('100,000 votes stored in random order by three processes at once, and no offender yet missed', async (t) => {
  assert.ok(history.length >= 100_000);
  const begun = performance.now();
  const program = join(import.meta.dirname, '..', 'testing', 'submit-votes.ts');
  const file = join(api.folder, 'phalanx.yaml');
  await Promise.all(
    Array.from({ length: PROCESSES }, (_, part) => {
      const numbers = [NOW_SECONDS, SEED, VALIDATORS, PER_VALIDATOR, part, PROCESSES].map(String);
      return run(process.execPath, ['--import', 'tsx', program, file, ...numbers]);
    }),
  );
  const caught = await api.redis.keys(apiKeys.offender('*'));
  assert.equal(caught.length, offendersOf(history).size);
  const memory = /used_memory:(\d+)/.exec(await api.redis.info('memory'))?.[1];
  const seconds = ((performance.now() - begun) / 1_000).toFixed(1);
  t.diagnostic(`${history.length} votes in ${seconds} s, ${(Number(memory) / 2 ** 20).toFixed(0)} MiB of Redis`);
});

test('of those posted to three API processes after them each offence is noticed, once, and nothing else is', async (t) => {
  const before = offendersOf(history);
  const expected = offendersOf([...history, ...late]);
  // What was planted: offences of each kind and in each direction, races, and many near misses.
  assert.deepEqual([before.size, expected.size], [8, 28]);
  assert.ok(late.filter(({ validator }) => !expected.has(validator)).length >= 70);

  processes.push(...(await Promise.all(Array.from({ length: PROCESSES }, () => startApiProcess(api.folder)))));
  const signed = late.map((vote) => ({ vote, body: signedVote(vote) }));
  const begun = performance.now();
  const noticed: { validator: number; conflict: unknown }[] = [];
  const post = async ({ vote, body }: (typeof signed)[number]): Promise<void> => {
    const answers = await Promise.all(processes.map((one) => one.post('/v1/attestations', body)));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 200, 201], JSON.stringify(answers));
    for (const { body: receipt } of answers) {
      assert.equal(receipt['quorum'], false);
      if (receipt['conflict'] !== null) noticed.push({ validator: vote.validator, conflict: receipt['conflict'] });
    }
  };
  for (let i = 0; i < signed.length; i += IN_FLIGHT) await Promise.all(signed.slice(i, i + IN_FLIGHT).map(post));
  const seconds = ((performance.now() - begun) / 1_000).toFixed(1);
  t.diagnostic(`${late.length} votes to each of ${PROCESSES} processes in ${seconds} s`);

  const fresh = [...expected].filter(([validator]) => !before.has(validator));
  const order = (a: { validator: number }, b: { validator: number }): number => a.validator - b.validator;
  assert.deepEqual(noticed.sort(order), fresh.map(([validator, conflict]) => ({ validator, conflict })).sort(order));
  assert.equal(await noticedByMetrics(), fresh.length);
});

test('each offender has one statement, about two votes of its own that conflict; there is no other statement', async () => {
  const expected = offendersOf([...history, ...late]);
  assert.equal(await api.redis.zcard(apiKeys.outbox), 0);
  const statements = await allStatements();
  const found = statements.map(({ kind, signals, context }) => {
    assert.equal(kind, 'equivocation');
    const { first, second, conflict } = context as { first: Wire; second: Wire; conflict: string };
    const [one, other] = [first, second].map((vote) => attestationSchema.parse(vote['attestation']));
    assert.ok(one && other);
    assert.equal(conflictOf(one, other), conflict);
    const { message1, message2, keyX } = signals as Wire;
    assert.deepEqual(
      [message1, message2],
      [one, other].map((attestation) => `${messageOf(attestation)}`),
    );
    return [validatorOfX.get(String(keyX)) ?? -1, conflict] as const;
  });
  assert.deepEqual(
    found.sort(([a], [b]) => a - b),
    [...expected].sort(([a], [b]) => a - b),
  );
});

/** By definition, two at a time: who contradicts himself, and how. */
function offendersOf(votes: readonly ModelVote[]): Map<number, string> {
  const groups = new Map<string, ModelVote[]>();
  for (const vote of votes) {
    const id = `${vote.validator}/${vote.chain}`;
    const group = groups.get(id);
    if (group) group.push(vote);
    else groups.set(id, [vote]);
  }
  const guilty = new Map<number, string>();
  for (const own of groups.values()) {
    own.forEach((a, i) => {
      for (let j = i + 1; j < own.length; j++) {
        const b = own[j];
        if (b && conflicts(a, b)) guilty.set(a.validator, a.target === b.target ? 'double-vote' : 'surround-vote');
      }
    });
  }
  return guilty;
}

function attestationOf(vote: ModelVote): Attestation {
  const chainKeys = api.config.chains.map(({ chainKey }) => chainKey);
  return toAttestation(vote, sealed, chainKeys, INTERVAL);
}

function messageOf(attestation: Attestation): ReturnType<typeof attestationMessage> {
  return attestationMessage(api.config.coalition.attestationDomain, attestation);
}

function signedVote(vote: ModelVote): Wire {
  const attestation = attestationOf(vote);
  const signature = sign(secretOf(vote.validator), messageOf(attestation));
  return z.encode(signedAttestationSchema, { attestation, key: keyOf(sealed, vote.validator), signature });
}

async function noticedByMetrics(): Promise<number> {
  let total = 0;
  for (const { url } of processes) {
    const text = await (await fetch(`${url}/metrics`)).text();
    for (const [, value] of text.matchAll(/^phalanx_conflicts_total\{[^}]*\} (\d+)$/gm)) total += Number(value);
  }
  return total;
}

async function allStatements(): Promise<Wire[]> {
  const all: Wire[] = [];
  for (let after = 0; ;) {
    const { body } = await api.get(`/v1/statements?after=${after}`);
    all.push(...(body['statements'] as Wire[]));
    if (body['after'] === after) return all;
    after = body['after'] as number;
  }
}
