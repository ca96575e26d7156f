-- Takes a token from every bucket of an API key, or from none of them.
--
-- KEYS[1]      hash of the key's buckets: period -> when the bucket is full again, ms since the epoch by this server's clock
-- ARGV[1..2n]  per bucket: its period in ms, and the tokens that it holds and regains in one period
--
-- 0            taken
-- above 0      nothing is taken: whole ms until there is a token in each
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + tonumber(time[2]) / 1000
local full, wait, last = {}, 0, now
for i = 1, #ARGV, 2 do
  local period, tokens = tonumber(ARGV[i]), tonumber(ARGV[i + 1])
  local stored = tonumber(redis.call('HGET', KEYS[1], ARGV[i]) or now)
  -- A bucket is never emptier than empty: this server's clock may have been set back.
  local after = math.min(math.max(stored, now), now + period) + period / tokens
  full[ARGV[i]] = after
  wait = math.max(wait, after - now - period)
  last = math.max(last, after)
end
if wait > 0 then return math.ceil(wait) end
for period, at in pairs(full) do
  redis.call('HSET', KEYS[1], period, string.format('%.3f', at))
end
redis.call('PEXPIRE', KEYS[1], math.ceil(last - now))
return 0
