// SPDX-License-Identifier: GPL-3.0-or-later
import type { z } from 'zod';
import { BASE8, isSubgroupKey, verify } from '../../protocol/eddsa.ts';
import { registrationDigest } from '../../protocol/registration.ts';
import { Problem } from '../http/problem.ts';
import type { statementRequestSchema } from '../schemas/statement.ts';
import type { Services } from '../services.ts';
import { keyId } from '../../protocol/key-id.ts';
import { registrationDraft, type Draft } from './build-statement.ts';

export type StatementRequest = z.output<typeof statementRequestSchema>;
type RegistrationRequest = Extract<StatementRequest, { kind: 'registration' }>;

/** What is asked for, checked: whether it can be proved is known before anything is stored. @throws Problem */
export async function requestedDraft(services: Services, request: StatementRequest): Promise<Draft> {
  const { outbox, attestations } = services;
  switch (request.kind) {
    case 'quorum': {
      const draft = await outbox.quorum(request.message);
      if (draft) return draft;
      if (await attestations.message(request.message)) {
        throw new Problem('QUORUM_NOT_REACHED', 'too little stake has signed this message');
      }
      throw new Problem('MESSAGE_UNKNOWN', `no attestation of message ${request.message} is stored`);
    }
    case 'equivocation': {
      const id = keyId(request.key);
      const draft = await outbox.equivocation(id, request.setCommitment);
      if (draft) return draft;
      if (!(await attestations.offender(id)))
        throw new Problem('NO_OFFENCE', `POST /v1/evidence first: nothing is known against ${id}`);
      if (request.setCommitment !== undefined && !(await services.sets.get(request.setCommitment))) {
        throw new Problem('SET_UNKNOWN', `no validator set ${request.setCommitment} has been published`);
      }
      throw new Problem('SIGNER_NOT_IN_SET', 'the key stands in no slot of the set');
    }
    case 'registration':
      return registration(services, request);
  }
}

function registration({ chains, config }: Services, { key, operator, chain, signature }: RegistrationRequest): Draft {
  const { chainKey, contracts } = chains.get(chain).config;
  if (!isSubgroupKey(key) || (key.x === BASE8.x && key.y === BASE8.y)) {
    throw new Problem('KEY_UNFIT', 'expected a point of the prime-order subgroup, neither the identity nor Base8');
  }
  const { coalition } = contracts;
  const digest = registrationDigest(config.coalition.registrationDomain, { operator, chainKey, coalition });
  if (!verify(key, digest, signature)) {
    throw new Problem(
      'SIGNATURE_INVALID',
      `the key did not sign ${digest}, the digest of this operator, chain and Coalition`,
    );
  }
  return registrationDraft(key, digest, signature, { operator, chain, coalition });
}
