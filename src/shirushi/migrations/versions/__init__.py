"""The revisions, one file each. `shirushi.migrations` says how they are named and chained."""
