import sys

from tuntas_recount.program import main

if __name__ == "__main__":
    sys.exit(main())
