"""Work that the agent does itself, once: a lease, heartbeats while it works, a result that everybody else can read.

    TOLLGATE_URL=http://127.0.0.1:8080 TOLLGATE_KEY=tg_live_… python3 examples/python/lease.py report-2026-11
"""

import json
import os
import sys
import threading
import time
import urllib.request

TTL_SEC = 6  # short, so that you can watch it; whoever waits for a holder that died waits so long
name = sys.argv[1] if len(sys.argv) > 1 else f"report-{int(time.time())}"


def post(verb, **body):
    """Raises urllib.error.HTTPError for everything but a 200."""
    request = urllib.request.Request(
        f"{os.environ['TOLLGATE_URL']}/v1/ai/{verb}",
        data=json.dumps(body).encode(),
        headers={"Authorization": "Bearer " + os.environ["TOLLGATE_KEY"], "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as response:
        return json.load(response)


def write_report():
    """Stands for whatever takes a while."""
    time.sleep(3)
    return {"pages": 12}


def heartbeat(lease_id, done):
    # One that fails is no reason to stop: the lease outlives two of them, and complete says how it stands.
    while not done.wait(TTL_SEC / 3):
        try:
            post("extend", key=name, lease_id=lease_id)
        except OSError as error:
            print("heartbeat:", error, file=sys.stderr)


def as_holder(lease_id):
    done = threading.Event()
    threading.Thread(target=heartbeat, args=(lease_id, done), daemon=True).start()
    try:
        result = write_report()
        post("complete", key=name, lease_id=lease_id, result=result)
        print("written:", json.dumps(result))
    except Exception:
        post("fail", key=name, lease_id=lease_id, error_code="report_failed")
        raise
    finally:
        done.set()


while True:
    lease = post("lease", key=name, ttl=TTL_SEC)
    if lease["status"] == "acquired":
        as_holder(lease["lease_id"])
        break
    if lease["status"] != "polling":
        print(lease["status"], "before:", json.dumps(lease.get("result") or lease["error_code"]))
        break
    # Somebody else is at it. If they die, the lease runs out, and one of those who wait goes on.
    time.sleep(lease["retry_after_sec"])
