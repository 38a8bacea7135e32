"""The admins: accounts, passwords, sessions, and the audit of what they change.

Promise: a stolen access token works 15 minutes at most and not a request after revocation; every change has its row in
the audit, in the same transaction; guessing is slow for strangers, never for a device that signed in before.
Tables: admins, admin_sessions, admin_guesses, audit.
"""
