"""A process that looks for garbage once it has started, not before: what it imports stays. A sixth of its start less.

Whoever starts one imports this before all else; bootstrap.settle_memory() ends it.
"""

import gc

gc.disable()
