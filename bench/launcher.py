"""Start one contender and say what it cost. Standard library only, and small on purpose.

Linux carries the memory peak of the process that *starts* a program over the ``exec`` into the
peak of the program itself: started from a bench holding 500 MB, ``true`` seems to need 500 MB.
So the bench starts this launcher (about 10 MB), and this launcher starts the contender.

Two forms, both used by :mod:`bench.harness` only::

    python -I bench/launcher.py time COST.json ARGV…           run a program, write its cost
    python bench/launcher.py call FILE.py FUNCTION ARGS.json RESULT.json   run one function
"""

import json
import os
import sys
import time


def time_program(cost: str, argv: "list[str]") -> int:
    """Run ``argv``; write seconds and megabytes, its waited-for children included, to ``cost``."""
    began = time.perf_counter()
    pid = os.posix_spawnp(argv[0], argv, os.environ)
    _, status, used = os.wait4(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    figures = {
        "wall_s": time.perf_counter() - began,
        "cpu_s": used.ru_utime + used.ru_stime,
        "rss_mb": used.ru_maxrss / 1024,
        "exit": code,
    }
    with open(cost, "w", encoding="utf-8") as out:
        json.dump(figures, out)
    return 0


def call_function(path: str, function: str, args: str, result: str) -> int:
    """Load ``path`` as a module, call ``function(**args)``, write what it returns as JSON."""
    import importlib.util

    spec = importlib.util.spec_from_file_location("contender", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"cannot load {path}")
    module = importlib.util.module_from_spec(spec)
    sys.modules["contender"] = module
    spec.loader.exec_module(module)
    with open(args, encoding="utf-8") as given:
        answer = getattr(module, function)(**json.load(given))
    with open(result, "w", encoding="utf-8") as out:
        json.dump(answer, out, ensure_ascii=False)
    return 0


if __name__ == "__main__":
    if sys.argv[1] == "time":
        sys.exit(time_program(sys.argv[2], sys.argv[3:]))
    sys.exit(call_function(*sys.argv[2:6]))
