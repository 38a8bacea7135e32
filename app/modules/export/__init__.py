"""Everything of a person as files of theirs: two tables for a spreadsheet, and a log that can be taken back in.

Promise: whatever /delete_me would erase is in the log, exactly; nobody else's words are in any file; no more than some
rows are held in memory, however long the history is. docs/export.md describes the files. Tables: none of its own.
"""
