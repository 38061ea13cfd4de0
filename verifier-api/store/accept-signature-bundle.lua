-- SPDX-License-Identifier: GPL-3.0-or-later
-- Keep a bundle whose signatures were checked, with all that proving them takes: one atomic step. One that failed, or
-- is proved under another key than proofs are made with now, begins anew. Of bundles on one subject one stands: while
-- it is proving, and once proved until one of a higher rank comes long enough after.
-- KEYS: bundle, open ones, ended ones, feed of proved ones; where it leads to a consensus state, heights and states of
-- the chain; where it has a subject, that. ARGV: id, now in ms, key hash, height, state, rank as 20 digits ('' without
-- a subject), ms for which a proved one stands against all others, then fields and values of the bundle.
-- Returns: id of the bundle that stands already, '' where this one was kept.
local id, now, key, rank = ARGV[1], ARGV[2], ARGV[3], ARGV[6]
local function stands(bundle)
  local held = redis.call('HMGET', bundle, 'state', 'keyHash')
  return held[1] == 'proving' or (held[1] == 'proved' and held[2] == key)
end
if stands(KEYS[1]) then return id end
local subject = rank ~= '' and KEYS[#KEYS]
if subject then
  local other = redis.call('HMGET', subject, 'id', 'bundle', 'rank')
  if other[1] and stands(other[2]) then
    local endedAt = redis.call('HGET', other[2], 'endedAt')
    local replaceable = endedAt and tonumber(now) - tonumber(endedAt) >= tonumber(ARGV[7]) and rank > other[3]
    if not replaceable then return other[1] end
  end
  redis.call('HSET', subject, 'id', id, 'bundle', KEYS[1], 'rank', rank)
end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'state', 'proving', 'createdAt', now, unpack(ARGV, 8))
if subject then redis.call('HSET', KEYS[1], 'subject', subject) end
redis.call('ZREM', KEYS[3], id)
redis.call('ZREM', KEYS[4], id)
redis.call('ZADD', KEYS[2], now, id)
-- The first state at a height stays: another there is misbehaviour, and nothing is to be believed by it.
if ARGV[4] ~= '' and redis.call('HSETNX', KEYS[6], ARGV[4], ARGV[5]) == 1 then
  redis.call('ZADD', KEYS[5], ARGV[4], ARGV[4])
end
return ''
