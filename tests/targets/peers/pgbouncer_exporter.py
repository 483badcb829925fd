"""Debian's prometheus-pgbouncer-exporter, its arguments given through. It looks for a column that PgBouncer has not had since
1.8 and ends; with --mended the column is put back, which is how its metrics are seen on a PgBouncer of today.
"""
import sys

from prometheus_pgbouncer_exporter import cli, collectors

if "--mended" in sys.argv:
    sys.argv.remove("--mended")
    ask = collectors.get_data_by_named_column

    def with_old_names(connection, key):
        rows = ask(connection, key)
        for row in rows:
            if "total_query_count" in row:
                row["total_requests"] = row["total_query_count"]
        return rows

    collectors.get_data_by_named_column = with_old_names

cli.main()
