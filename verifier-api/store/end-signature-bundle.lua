-- SPDX-License-Identifier: GPL-3.0-or-later
-- A bundle is proved or has failed, once. KEYS: bundle, open ones, ended ones, feed of proved ones, counter.
-- ARGV: id, now in ms, state, then fields and values of the bundle.
if redis.call('HGET', KEYS[1], 'state') ~= 'proving' then return 0 end
redis.call('HSET', KEYS[1], 'state', ARGV[3], 'endedAt', ARGV[2], unpack(ARGV, 4))
redis.call('HDEL', KEYS[1], 'statements')
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZADD', KEYS[3], ARGV[2], ARGV[1])
if ARGV[3] == 'proved' then
  local sequence = redis.call('INCR', KEYS[5])
  redis.call('HSET', KEYS[1], 'sequence', sequence)
  redis.call('ZADD', KEYS[4], sequence, ARGV[1])
end
return 1
