-- SPDX-License-Identifier: GPL-3.0-or-later
-- Store one verified attestation, notice a conflict with any other by the same key, and count its stake: one atomic
-- step.
--
-- Votes of one key on one chain lie in time buckets, each a sorted set of "<source>:<target>:<digest>:<message>:<slot>"
-- and a hash target -> that member, heights as 20 digits so that their order as text is their order as numbers (a Lua
-- number holds 53 bits). While the key has not contradicted itself no vote surrounds another, so ordered by source the
-- targets never fall: the greatest target below a source is the last member's below it, the least target above a source
-- is the first member's above it. One look-up to each side is therefore exact against all votes held. The first
-- conflict ends the key: it is recorded, and its later votes are no longer indexed.
--
-- KEYS: message, offender, outbox, checkpoints of the chain. ARGV: see attestation-store.ts. All reads come before the
-- first write: Redis does not roll a script back.
local message, offender, outbox, checkpoints = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local votesPrefix, messagePrefix, windowSeconds = ARGV[1], ARGV[2], tonumber(ARGV[3])
local id, keyId, slot = ARGV[4], ARGV[5], ARGV[6]
local attestation, signature = ARGV[7], ARGV[8]
local source, target, digest = ARGV[9], ARGV[10], ARGV[11]
local stakeHi, stakeLo = tonumber(ARGV[12]), tonumber(ARGV[13])
local neededHi, neededLo = tonumber(ARGV[14]), tonumber(ARGV[15])
local keyX, keyY = ARGV[16], ARGV[17]
local mostVotes = tonumber(ARGV[18])

local function pending(item)
  return redis.call('ZSCORE', outbox, item) and 1 or 0
end

local quorumItem, offenceItem = 'quorum:' .. id, 'equivocation:' .. keyId

if redis.call('HEXISTS', message, 's:' .. slot) == 1 then
  return { 'known', '', pending(quorumItem), pending(offenceItem), redis.call('HEXISTS', message, 'quorum') }
end

local now = tonumber(redis.call('TIME')[1])
local bucket = math.floor(now / windowSeconds)
local expireAt = (bucket + 2) * windowSeconds

local function votes(b)
  return votesPrefix .. b
end

-- Votes stored of this key on this chain in this bucket. Memory is finite and nothing is evicted: no key may fill it.
local counter = votes(bucket) .. ':count'
if tonumber(redis.call('GET', counter) or '0') >= mostVotes then return { 'full', '', 0, 0, 0 } end

local function parts(member)
  return string.match(member, '^(%d+):(%d+):(0x%x+):(%d+):(%d+)$')
end

-- A conflicting member and the kind of conflict, or nil.
local function conflictIn(b)
  local sources, targets = votes(b) .. ':sources', votes(b) .. ':targets'
  local same = redis.call('HGET', targets, target)
  if same then
    local _, _, otherDigest = parts(same)
    if otherDigest ~= digest then return same, 'double-vote' end
  end
  local below = redis.call('ZREVRANGEBYLEX', sources, '(' .. source, '-', 'LIMIT', 0, 1)[1]
  if below then
    local _, otherTarget = parts(below)
    if otherTarget > target then return below, 'surround-vote' end
  end
  -- ';' follows ':', so this bound lies behind every member of the same source.
  local above = redis.call('ZRANGEBYLEX', sources, '(' .. source .. ';', '+', 'LIMIT', 0, 1)[1]
  if above then
    local _, otherTarget = parts(above)
    if otherTarget < target then return above, 'surround-vote' end
  end
  return nil
end

local guilty = redis.call('EXISTS', offender) == 1
local conflict, other, otherAttestation, otherSignature
if not guilty then
  other, conflict = conflictIn(bucket)
  if not other then other, conflict = conflictIn(bucket - 1) end
  if other then
    local _, _, _, otherId, otherSlot = parts(other)
    otherAttestation = redis.call('HGET', messagePrefix .. otherId, 'attestation')
    otherSignature = redis.call('HGET', messagePrefix .. otherId, 's:' .. otherSlot)
    if not otherAttestation or not otherSignature then
      return redis.error_reply('CORRUPT an indexed vote has no attestation: ' .. otherId)
    end
  end
end

local hadQuorum = redis.call('HEXISTS', message, 'quorum') == 1
local held = redis.call('HMGET', message, 'stakeHi', 'stakeLo')
local lo = tonumber(held[2] or '0') + stakeLo
local carry = math.floor(lo / 4294967296)
lo = lo - carry * 4294967296
local hi = tonumber(held[1] or '0') + stakeHi + carry
local reached = not hadQuorum and (hi > neededHi or (hi == neededHi and lo >= neededLo))
local latest = redis.call('ZREVRANGEBYLEX', checkpoints, '+', '-', 'LIMIT', 0, 1)[1]
local latestTarget = latest and string.sub(latest, 1, 20)
local overtaken = reached and latestTarget and latestTarget < target
  and redis.call('ZRANGEBYLEX', checkpoints, '(' .. latestTarget, '(' .. latestTarget .. ';') or {}
local oldest = reached and redis.call('ZRANGEBYLEX', checkpoints, '-', '+', 'LIMIT', 0, 4) or {}
-- The latest checkpoint with a quorum is kept, however old: everything else builds on it.
local keptForEver = hadQuorum and redis.call('TTL', message) == -1

redis.call('INCR', counter)
redis.call('EXPIREAT', counter, expireAt)
redis.call('HSET', message, 'attestation', attestation, 's:' .. slot, signature, 'stakeHi', string.format('%.0f', hi),
  'stakeLo', string.format('%.0f', lo))
if not keptForEver then redis.call('EXPIREAT', message, expireAt) end

if conflict then
  redis.call('HSET', offender, 'conflict', conflict, 'keyX', keyX, 'keyY', keyY, 'at', now,
    'first', '{"attestation":' .. otherAttestation .. ',"signature":' .. otherSignature .. '}',
    'second', '{"attestation":' .. attestation .. ',"signature":' .. signature .. '}')
  redis.call('ZADD', outbox, now, offenceItem)
elseif not guilty then
  local member = source .. ':' .. target .. ':' .. digest .. ':' .. id .. ':' .. slot
  local sources, targets = votes(bucket) .. ':sources', votes(bucket) .. ':targets'
  redis.call('ZADD', sources, 0, member)
  redis.call('HSETNX', targets, target, member)
  redis.call('EXPIREAT', sources, expireAt)
  redis.call('EXPIREAT', targets, expireAt)
end

if reached then
  local slots = {}
  for _, field in ipairs(redis.call('HKEYS', message)) do
    local signed = string.match(field, '^s:(%d+)$')
    if signed then slots[#slots + 1] = signed end
  end
  redis.call('HSET', message, 'quorum', table.concat(slots, ','), 'quorumAt', now)
  redis.call('ZADD', outbox, now, quorumItem)
  redis.call('ZADD', checkpoints, 0, target .. ':' .. id)
  if not latestTarget or latestTarget <= target then redis.call('PERSIST', message) end
  for _, member in ipairs(overtaken) do
    redis.call('EXPIREAT', messagePrefix .. string.sub(member, 22), expireAt)
  end
  for _, member in ipairs(oldest) do
    if redis.call('EXISTS', messagePrefix .. string.sub(member, 22)) == 0 then redis.call('ZREM', checkpoints, member) end
  end
end

return { 'new', conflict or '', pending(quorumItem), pending(offenceItem), (hadQuorum or reached) and 1 or 0 }
