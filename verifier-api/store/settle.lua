-- SPDX-License-Identifier: GPL-3.0-or-later
-- What was decided has become a statement: note its id where it was decided, and take it off the outbox.
-- KEYS: message or offender, outbox. ARGV: outbox item, statement id ('' for none).
if ARGV[2] ~= '' and redis.call('EXISTS', KEYS[1]) == 1 then redis.call('HSET', KEYS[1], 'statement', ARGV[2]) end
return redis.call('ZREM', KEYS[2], ARGV[1])
