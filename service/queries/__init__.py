"""What reads something: frozen results; who may see which row, the order and the page in SQL.

It may import `service.domain`, `service.store` and, for reading diagrams, `service.engine`. It
writes nothing, opens no transaction and decides nothing but what is shown to whom. Lists are paged
by keyset, so a page never comes up short and costs the same at the end as at the start.
"""
