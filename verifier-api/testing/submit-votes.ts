// SPDX-License-Identifier: GPL-3.0-or-later
// A process of its own that stores its part of the planted votes. Arguments: Redis URL, seed, keys, votes a key, part, parts.
import { connectProducer } from '../../runtime/redis.ts';
import { AttestationStore } from '../store/attestation-store.ts';
import { plantedVotes, toVerified } from './votes.ts';

const [url = '', ...numbers] = process.argv.slice(2);
const [seed = 0, validators = 0, perValidator = 0, part = 0, parts = 1] = numbers.map(Number);
const IN_FLIGHT = 128;

const redis = await connectProducer({ url, password: undefined });
const store = new AttestationStore(redis, { share: 20_000, evidenceWindowSeconds: 86_400, mostVotesPerKey: 200_000 });
const mine = plantedVotes(seed, validators, perValidator).filter((_, i) => i % parts === part);
for (let i = 0; i < mine.length; i += IN_FLIGHT) {
  await Promise.all(mine.slice(i, i + IN_FLIGHT).map((vote) => store.submit(toVerified(vote))));
}
redis.disconnect();
