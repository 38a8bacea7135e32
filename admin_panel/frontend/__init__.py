"""The admin panel: pages in TypeScript (src/), built once, and the small server that hands them out (main.py)."""
