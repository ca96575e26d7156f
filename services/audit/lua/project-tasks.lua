-- Stores locks, tasks, answers and credits together with how far the journal of lease has been projected, or nothing at all.
--
-- KEYS[1]         hash of positions, source name -> position
-- KEYS[2..1+t]    one string per task or answer
-- KEYS[2+t..]     one hash per tenant: month, make, ai
-- ARGV[1..3]      name of the source, the position expected here ('' for none), the position afterwards ('' for none)
-- ARGV[4]         number of strings, t
-- ARGV[5..4+2t]   per string: its value, and the ms after which it expires (0: never)
-- ARGV[5+2t..]    per hash: 'set' or 'add', the month (YYYY-MM), make, ai; what is added to a month that is over is nothing
--
-- 'stored'   everything is stored
-- 'known'    the position is already the one afterwards: this very script has run before, nothing is changed
-- 'moved'    the position is another (somebody else wrote, or Redis was wiped), nothing is changed
local stored = redis.call('HGET', KEYS[1], ARGV[1]) or ''
if stored ~= ARGV[2] then
  return stored == ARGV[3] and 'known' or 'moved'
end
local strings = tonumber(ARGV[4])
for i = 1, strings do
  local value, ms = ARGV[3 + 2 * i], tonumber(ARGV[4 + 2 * i])
  if ms > 0 then
    redis.call('SET', KEYS[1 + i], value, 'PX', ms)
  else
    redis.call('SET', KEYS[1 + i], value)
  end
end
local at = 5 + 2 * strings
for i = 2 + strings, #KEYS do
  local how, month, make, ai = ARGV[at], ARGV[at + 1], tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3])
  local known = redis.call('HGET', KEYS[i], 'month') or ''
  if how == 'set' or known < month then
    redis.call('HSET', KEYS[i], 'month', month, 'make', math.max(0, make), 'ai', math.max(0, ai))
  elseif known == month then
    redis.call('HINCRBY', KEYS[i], 'make', make)
    redis.call('HINCRBY', KEYS[i], 'ai', ai)
  end
  at = at + 4
end
if ARGV[3] ~= '' then redis.call('HSET', KEYS[1], ARGV[1], ARGV[3]) end
return 'stored'
