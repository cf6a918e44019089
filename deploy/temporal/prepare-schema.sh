#!/bin/sh
# Creates and updates Temporal's two databases. Repeating it changes nothing, so it also moves them to a newer release.
# The SQL_* variables name the database; temporal-sql-tool reads them by itself.
set -eu

for database in temporal visibility; do
  name=temporal
  [ "$database" = temporal ] || name=temporal_visibility
  temporal-sql-tool --db "$name" create-database
  temporal-sql-tool --db "$name" setup-schema --version 0.0
  temporal-sql-tool --db "$name" update-schema --schema-name "postgresql/v12/$database"
done
