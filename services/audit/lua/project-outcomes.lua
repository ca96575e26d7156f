-- Stores outcomes together with how far their journals have been projected, or nothing at all.
--
-- KEYS[1]         hash of positions, source name -> position
-- KEYS[2..]       one string per outcome
-- ARGV[1]         seconds after which an outcome expires
-- ARGV[2]         number of sources, n
-- ARGV[3..2+3n]   per source: name, the position expected here ('' for none), the position afterwards ('' for none)
-- ARGV[3+3n..]    one value per outcome key, in the same order
--
-- 'stored'   everything is stored
-- 'known'    the positions are already the ones afterwards: this very script has run before, nothing is changed
-- 'moved'    the positions are others (somebody else wrote, or Redis was wiped), nothing is changed
local sources = tonumber(ARGV[2])
local as_expected, as_afterwards = true, true
for i = 0, sources - 1 do
  local stored = redis.call('HGET', KEYS[1], ARGV[3 + 3 * i]) or ''
  if stored ~= ARGV[4 + 3 * i] then as_expected = false end
  if stored ~= ARGV[5 + 3 * i] then as_afterwards = false end
end
if not as_expected then
  return as_afterwards and 'known' or 'moved'
end
for i = 2, #KEYS do
  redis.call('SET', KEYS[i], ARGV[2 + 3 * sources + i - 1], 'EX', ARGV[1])
end
for i = 0, sources - 1 do
  if ARGV[5 + 3 * i] ~= '' then redis.call('HSET', KEYS[1], ARGV[3 + 3 * i], ARGV[5 + 3 * i]) end
end
return 'stored'
