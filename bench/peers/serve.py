"""The peers' side of a measurement in turns (bench/measure-in-turns.ts): the same protocol as bench/ours/serve.ts."""

import json
import os
import pathlib
import sys
import time


def descendants(pid):
    try:
        found = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return
    for child in found:
        yield child
        yield from descendants(child)


def cpu_seconds():
    """Of this process, its children that ended, and, where there is /proc, those that live."""
    total = sum(os.times()[:4])
    for child in descendants(os.getpid()):
        try:
            fields = pathlib.Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


def serve(work, times=1, finish=lambda: {}, cpu=time.process_time):
    """`cpu`: process_time is finer, cpu_seconds counts other processes too"""
    answer({"ready": True})
    for line in sys.stdin:
        if line.strip() == "end":
            answer(finish() or {})
            break
        cpu_before, wall = cpu(), time.perf_counter()
        for _ in range(times):
            work()
        wall_ms = 1000 * (time.perf_counter() - wall) / times
        answer({"cpuMs": 1000 * (cpu() - cpu_before) / times, "wallMs": wall_ms})


def answer(value):
    print(json.dumps(value), flush=True)
