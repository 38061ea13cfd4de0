// SPDX-License-Identifier: GPL-3.0-or-later
import { RedisScript } from './redis-script.ts';

/**
 * Every change of a statement's state, each atomic. All take the same keys (statement, events, sequence, all, one index
 * per state in STATEMENT_STATES' order) and begin their arguments with id, now in ms, stream bound and channel.
 */
const PRELUDE = `
local statement, events, sequence, all = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local index = { queued = KEYS[5], proving = KEYS[6], proved = KEYS[7], failed = KEYS[8], superseded = KEYS[9] }
local id, now, bound, channel = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local state = redis.call('HGET', statement, 'state')

local function emit(...)
  redis.call('XADD', events, 'MAXLEN', bound, '*', 'at', now, 'state', state, ...)
  redis.call('PUBLISH', channel, id)
end

local function enter(to)
  if state then redis.call('ZREM', index[state], id) end
  state = to
  local number = redis.call('INCR', sequence)
  redis.call('ZADD', index[to], number, id)
  redis.call('HSET', statement, 'state', to, 'stateSequence', number, 'stateAt', now)
  redis.call('HDEL', statement, 'phase', 'progress')
  return number
end

local function open() return state == 'queued' or state == 'proving' end
local function attempt() return redis.call('HGET', statement, 'attempts') end
`;

function script(body: string): RedisScript {
  return new RedisScript(PRELUDE + body);
}

export const statementScripts = {
  /**
   * kind, circuit, keyHash, publicSignals, inputs, context, urgent -> outcome.
   * A failed statement is tried again with the new inputs, else one bad submission would block the claim for ever; one
   * proved under another key is proved anew under this one; an open one under another key goes on under this one.
   */
  create: script(`
local outcome
local fields = { 'keyHash', ARGV[7], 'inputs', ARGV[9], 'context', ARGV[10], 'urgent', ARGV[11] }
if not state then
  redis.call('HSET', statement, 'kind', ARGV[5], 'circuit', ARGV[6], 'publicSignals', ARGV[8], 'createdAt', now)
  outcome = 'created'
elseif state == 'superseded' then
  return 'exists'
elseif state ~= 'failed' and redis.call('HGET', statement, 'keyHash') == ARGV[7] then
  return 'exists'
else
  redis.call('HDEL', statement, 'proof', 'failureCode', 'failureMessage')
  outcome = 'requeued'
end
-- Attempts are never numbered anew: their number fences what an old one may still say.
local attempts = redis.call('HINCRBY', statement, 'attempts', 0)
redis.call('HSET', statement, 'attemptsBefore', attempts, unpack(fields))
local number = enter('queued')
if outcome == 'created' then
  redis.call('HSET', statement, 'createdSequence', number)
  redis.call('ZADD', all, number, id)
end
emit('attempt', attempts)
return outcome`),

  /** most attempts -> number of the attempt that begins, or the state in which nothing is to be done. */
  begin: script(`
if not state then return 'missing' end
if not open() then return state end
local number = redis.call('HINCRBY', statement, 'attempts', 1)
if number - redis.call('HGET', statement, 'attemptsBefore') > tonumber(ARGV[5]) then
  enter('failed')
  redis.call('HSET', statement, 'failureCode', 'ATTEMPTS_EXHAUSTED', 'failureMessage', 'begun too often without an end')
  emit('attempt', number, 'code', 'ATTEMPTS_EXHAUSTED')
  return state
end
enter('proving')
emit('attempt', number)
return number`),

  /** attempt, phase, progress -> 1, or 0 when that attempt no longer counts. */
  progress: script(`
if state ~= 'proving' or attempt() ~= ARGV[5] then return 0 end
redis.call('HSET', statement, 'phase', ARGV[6], 'progress', ARGV[7])
emit('attempt', ARGV[5], 'phase', ARGV[6], 'progress', ARGV[7])
return 1`),

  /** keyHash, proof -> outcome. Any attempt may finish: a valid proof is a valid proof. */
  finish: script(`
if not state then return 'missing' end
if not open() then return state == 'proved' and 'already' or state end
if redis.call('HGET', statement, 'keyHash') ~= ARGV[5] then return 'stale' end
enter('proved')
redis.call('HSET', statement, 'proof', ARGV[6])
redis.call('HDEL', statement, 'inputs', 'failureCode', 'failureMessage')
emit('attempt', attempt())
return 'proved'`),

  /** attempt, code, message -> 1, or 0. The attempt is given up and another will follow. */
  release: script(`
if state ~= 'proving' or attempt() ~= ARGV[5] then return 0 end
enter('queued')
redis.call('HSET', statement, 'failureCode', ARGV[6], 'failureMessage', ARGV[7])
emit('attempt', ARGV[5], 'code', ARGV[6])
return 1`),

  /** attempt, code, message -> 1, or 0. */
  fail: script(`
if state ~= 'proving' or attempt() ~= ARGV[5] then return 0 end
enter('failed')
redis.call('HSET', statement, 'failureCode', ARGV[6], 'failureMessage', ARGV[7])
emit('attempt', ARGV[5], 'code', ARGV[6])
return 1`),

  /** reason -> 1, or 0. */
  supersede: script(`
if not open() and state ~= 'proved' then return 0 end
enter('superseded')
redis.call('HSET', statement, 'failureCode', 'SUPERSEDED', 'failureMessage', ARGV[5])
redis.call('HDEL', statement, 'inputs')
emit('attempt', attempt(), 'code', 'SUPERSEDED')
return 1`),

  /** cutoff in ms -> 1, or 0 when the statement is open or younger. */
  prune: script(`
if not state or open() or tonumber(redis.call('HGET', statement, 'stateAt')) >= tonumber(ARGV[5]) then return 0 end
redis.call('ZREM', index[state], id)
redis.call('ZREM', all, id)
redis.call('DEL', statement, events)
return 1`),
} as const;
