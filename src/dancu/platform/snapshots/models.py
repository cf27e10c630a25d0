"""No models: the tables are in `schema.sql`. Django tells an app of migrations only when this module is there."""
