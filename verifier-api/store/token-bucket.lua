-- SPDX-License-Identifier: GPL-3.0-or-later
-- Take tokens from a client's bucket, as many as there are. KEYS: bucket. ARGV: tokens a second, size, tokens wanted.
-- Returns: tokens taken, whole tokens left, milliseconds until the next token.
local rate, size, wanted = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local held = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = tonumber(held[1] or size)
tokens = math.min(size, tokens + math.max(0, now - tonumber(held[2] or now)) * rate / 1000)
local taken = math.min(wanted, math.floor(tokens))
tokens = tokens - taken
redis.call('HSET', KEYS[1], 'tokens', string.format('%.6f', tokens), 'at', string.format('%.0f', now))
redis.call('PEXPIRE', KEYS[1], math.ceil(size / rate * 1000) + 1000)
return { taken, math.floor(tokens), tokens >= 1 and 0 or math.ceil((1 - tokens) / rate * 1000) }
