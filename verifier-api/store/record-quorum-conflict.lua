-- SPDX-License-Identifier: GPL-3.0-or-later
-- Keep two conflicting quorums, checked, once. KEYS: conflict, feed, counter. ARGV: id, evidence.
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
local sequence = redis.call('INCR', KEYS[3])
redis.call('HSET', KEYS[1], 'sequence', sequence, 'evidence', ARGV[2])
redis.call('ZADD', KEYS[2], sequence, ARGV[1])
return 1
