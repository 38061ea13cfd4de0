-- SPDX-License-Identifier: GPL-3.0-or-later
-- Keep a bundle whose signatures were checked, with all that proving them takes: one atomic step. One that failed
-- begins anew. KEYS: bundle, open ones, ended ones; where it leads to a consensus state, heights and states of the
-- chain. ARGV: id, now in ms, height, state, then fields and values of the bundle.
local state = redis.call('HGET', KEYS[1], 'state')
if state and state ~= 'failed' then return 0 end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'state', 'proving', 'createdAt', ARGV[2], unpack(ARGV, 5))
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('ZADD', KEYS[2], ARGV[2], ARGV[1])
-- The first state at a height stays: another there is misbehaviour, and nothing is to be believed by it.
if KEYS[5] and redis.call('HSETNX', KEYS[5], ARGV[3], ARGV[4]) == 1 then
  redis.call('ZADD', KEYS[4], ARGV[3], ARGV[3])
end
return 1
