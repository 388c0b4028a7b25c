"""The program under limits: `python -m reports.recount.child SECONDS MEGABYTES FOLDER FILE …`. Knows nothing of us."""

import resource
import runpy
import sys


def main() -> None:
    seconds, megabytes, folder, *arguments = sys.argv[1:]
    resource.setrlimit(resource.RLIMIT_AS, (int(megabytes) << 20, int(megabytes) << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    sys.argv = ["tuntas_recount", *arguments]
    sys.path.insert(0, folder)
    runpy.run_module("tuntas_recount", run_name="__main__")


if __name__ == "__main__":
    main()
