-- Removes what projections have stored here, at one moment, so that each of them begins anew. What else is here stays.
--
-- ARGV[1..]  patterns of keys, as SCAN takes them
--
-- the number of keys that are gone
local gone = 0
for _, pattern in ipairs(ARGV) do
  local cursor = '0'
  repeat
    local found = redis.call('SCAN', cursor, 'MATCH', pattern, 'COUNT', 1000)
    cursor = found[1]
    for _, key in ipairs(found[2]) do gone = gone + redis.call('UNLINK', key) end
  until cursor == '0'
end
return gone
