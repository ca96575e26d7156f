#!/bin/sh
# A governed call, the same again, a call that is blocked, a lock, and what is on record: with nothing but curl.
#
#   TOLLGATE_URL=http://127.0.0.1:8080 TOLLGATE_KEY=tg_live_… sh examples/curl.sh order-42
#
# It works as it is with the agent key and the sample tool of a first `npm start`.
set -eu
order=${1:-order-$(date +%s)}

# Tollgate answers within 30 seconds, its wait limit: a client that hangs up earlier learns less.
ask() {
  curl -sS --fail-with-body --max-time 35 \
    -H "Authorization: Bearer $TOLLGATE_KEY" -H 'Content-Type: application/json' "$@"
  echo
}

call='{"agent_id":"sample-agent","tool":"payments.charge","args":{"customer":"cus_42","amount_usd":12},"spend_usd":12}'

# The key names what is meant: whoever asks again under it gets the first answer, and the tool is called once.
echo "# call"
ask "$TOLLGATE_URL/v1/ai/run" -H "Idempotency-Key: $order" -d "$call"
echo "# the same again"
ask "$TOLLGATE_URL/v1/ai/run" -H "Idempotency-Key: $order" -d "$call"

# A block is an answer (HTTP 200), no error: the agent is told why, and the tool hears nothing.
echo "# a tool that the agent may not use"
ask "$TOLLGATE_URL/v1/ai/run" -d '{"agent_id":"sample-agent","tool":"crm.export_contacts"}'

# For what the agent does itself: the first who asks has the lock, for ttl seconds.
echo "# lock"
ask "$TOLLGATE_URL/v1/check-lock" -d '{"key":"mail-'"$order"'","ttl":60}'

echo "# on record"
ask "$TOLLGATE_URL/v1/agents/sample-agent/logs?limit=3"
