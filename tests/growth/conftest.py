"""Not part of `make test`: filling a table with a million rows takes a while. `make growth` sets GROWTH."""

import os

collect_ignore_glob = [] if os.environ.get("GROWTH") else ["test_*.py"]
