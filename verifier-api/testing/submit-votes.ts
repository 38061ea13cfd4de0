// SPDX-License-Identifier: GPL-3.0-or-later
// A process of its own that stores its part of the planted history, as if each vote had passed the intake: the
// signatures are made up, for which the store does not care. Arguments: configuration file, seal time, seed, keys,
// votes a key, part, parts.
import { attestationMessage } from '../../protocol/attestation.ts';
import { loadApiConfig } from '../../runtime/config.ts';
import { connectProducer } from '../../runtime/redis.ts';
import { AttestationStore } from '../store/attestation-store.ts';
import { keyOf, plantedSet, plantedVotes, toAttestation } from './planted-votes.ts';
import type { ModelVote } from './votes.ts';

const [file = '', sealedAt = '', ...numbers] = process.argv.slice(2);
const [seed = 0, validators = 0, perValidator = 0, part = 0, parts = 1] = numbers.map(Number);
const IN_FLIGHT = 128;

const { redis: server, coalition, chains, api } = loadApiConfig(file, {});
const redis = await connectProducer(server);
const store = new AttestationStore(redis, {
  share: coalition.share,
  evidenceWindowSeconds: coalition.trustingPeriodSeconds + coalition.evidenceWindowSeconds,
  mostVotesPerKey: api.mostVotesPerKey,
});
const sealed = plantedSet(validators, BigInt(sealedAt));
const chainKeys = chains.map(({ chainKey }) => chainKey);
const interval = chains[0]?.interval ?? 1n;

async function submit(vote: ModelVote): Promise<void> {
  const attestation = toAttestation(vote, sealed, chainKeys, interval);
  await store.submit({
    attestation,
    message: attestationMessage(coalition.attestationDomain, attestation),
    key: keyOf(sealed, vote.validator),
    slot: vote.validator,
    signature: { r8: { x: 1n, y: 2n }, s: 3n },
    stakeGwei: 1n,
    totalGwei: sealed.totalGwei,
  });
}

const mine = plantedVotes(seed, validators, perValidator).history.filter((_, i) => i % parts === part);
for (let i = 0; i < mine.length; i += IN_FLIGHT) await Promise.all(mine.slice(i, i + IN_FLIGHT).map(submit));
redis.disconnect();
