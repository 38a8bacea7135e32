"""Updates and what became of them: seen once, tried five times, kept aside when they never work.

Promise: an update's effect happens once, however often it is delivered; one that always fails stops nobody else.
Tables: updates_seen, updates_parked, webhook_registration.
"""
