"""Stands in for the migrations: counts its own runs in the database."""

import os

import psycopg2

names = {"host": "DB_HOST", "port": "DB_PORT", "dbname": "DB_NAME", "user": "DB_USER", "password": "DB_PASSWORD"}
connection = psycopg2.connect(**{option: os.environ[name] for option, name in names.items()})
with connection, connection.cursor() as cursor:
    cursor.execute("CREATE TABLE IF NOT EXISTS runs (id int GENERATED ALWAYS AS IDENTITY)")
    cursor.execute("INSERT INTO runs DEFAULT VALUES")
    cursor.execute("SELECT count(*) FROM runs")
    print("runs", *cursor.fetchone(), flush=True)  # noqa: T201 - its log
connection.close()
