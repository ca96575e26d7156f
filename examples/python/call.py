"""A governed call with the standard library alone.

    TOLLGATE_URL=http://127.0.0.1:8080 TOLLGATE_KEY=tg_live_… python3 examples/python/call.py order-42
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request

order = sys.argv[1] if len(sys.argv) > 1 else f"order-{int(time.time())}"

request = urllib.request.Request(
    os.environ["TOLLGATE_URL"] + "/v1/ai/run",
    data=json.dumps(
        {
            "agent_id": "sample-agent",
            "tool": "payments.charge",
            "args": {"customer": "cus_42", "amount_usd": 12},
            "spend_usd": 12,
        }
    ).encode(),
    headers={
        "Authorization": "Bearer " + os.environ["TOLLGATE_KEY"],
        "Content-Type": "application/json",
        # Names what is meant: whoever asks again under it gets the first answer, and the tool is called once.
        "Idempotency-Key": order,
    },
)
try:
    with urllib.request.urlopen(request, timeout=35) as response:
        answer = json.load(response)
except urllib.error.HTTPError as error:
    sys.exit(f"answered {error.code}: {error.read().decode()}")

decision, result = answer["decision"], answer.get("result") or {}
if decision == "executed":
    print("charged:", result["charge_id"])
elif decision == "dedup":
    print("charged before:", result["charge_id"])
elif decision == "blocked":
    print("not allowed:", answer["policy_reason"])
elif answer["policy_reason"] == "outcome_unknown":
    # Never "try another way" now: it may have been done.
    print("nobody knows yet, ask an operator:", answer["call_id"])
else:
    print("not done:", result.get("error"))
