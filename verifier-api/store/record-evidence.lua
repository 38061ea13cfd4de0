-- SPDX-License-Identifier: GPL-3.0-or-later
-- Record two conflicting attestations by one key, both verified, unless the key has been caught before.
-- KEYS: offender, outbox. ARGV: keyId, conflict, keyX, keyY, first, second.
local fresh = redis.call('EXISTS', KEYS[1]) == 0
if fresh then
  local now = tonumber(redis.call('TIME')[1])
  redis.call('HSET', KEYS[1], 'conflict', ARGV[2], 'keyX', ARGV[3], 'keyY', ARGV[4], 'at', now, 'first', ARGV[5],
    'second', ARGV[6])
  redis.call('ZADD', KEYS[2], now, 'equivocation:' .. ARGV[1])
end
return fresh and 1 or 0
