"""The service's tables and the filters that say who may see which row.

The only room that defines the service's tables. It knows SQL, SQLite and PostgreSQL; it decides
nothing but visibility and opens no transaction of its own.
"""
