-- SPDX-License-Identifier: GPL-3.0-or-later
-- Forget a bundle that ended long ago, unless it has begun anew. KEYS: bundle, ended ones, feed of proved ones. ARGV:
-- id.
if redis.call('HGET', KEYS[1], 'state') == 'proving' then return 0 end
local subject = redis.call('HGET', KEYS[1], 'subject')
if subject and redis.call('HGET', subject, 'id') == ARGV[1] then redis.call('DEL', subject) end
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZREM', KEYS[3], ARGV[1])
return redis.call('DEL', KEYS[1])
