"""Times work as bench/measure.ts does: medians over repetitions after a first, cold call."""

import json
import resource
import statistics
import time


def cpu_seconds():
    total = 0.0
    for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
        usage = resource.getrusage(who)
        total += usage.ru_utime + usage.ru_stime
    return total


def timed(work):
    cpu, wall = cpu_seconds(), time.perf_counter()
    result = work()
    return result, 1000 * (cpu_seconds() - cpu), 1000 * (time.perf_counter() - wall)


def measure(work, least=5, least_seconds=1.0):
    result, first_cpu, _ = timed(work)
    cpu, wall = [], []
    end = time.perf_counter() + least_seconds
    while len(cpu) < least or time.perf_counter() < end:
        result, cpu_ms, wall_ms = timed(work)
        cpu.append(cpu_ms)
        wall.append(wall_ms)
    timing = {
        "cpuMs": statistics.median(cpu),
        "wallMs": statistics.median(wall),
        "firstCpuMs": first_cpu,
        "repetitions": len(cpu),
    }
    return result, timing


def report(**measurement):
    print(json.dumps(measurement), flush=True)
