-- SPDX-License-Identifier: GPL-3.0-or-later
-- Take one token from a client's bucket. KEYS: bucket. ARGV: tokens a second, size.
-- Returns: taken (1 or 0), whole tokens left, milliseconds until the next token.
local rate, size = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local held = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = tonumber(held[1] or size)
tokens = math.min(size, tokens + math.max(0, now - tonumber(held[2] or now)) * rate / 1000)
local taken = tokens >= 1
if taken then tokens = tokens - 1 end
redis.call('HSET', KEYS[1], 'tokens', string.format('%.6f', tokens), 'at', string.format('%.0f', now))
redis.call('PEXPIRE', KEYS[1], math.ceil(size / rate * 1000) + 1000)
return { taken and 1 or 0, math.floor(tokens), tokens >= 1 and 0 or math.ceil((1 - tokens) / rate * 1000) }
