"""ZIP archives (APPNOTE.TXT 6.3.9), read in place with distrust and written the same in every run."""
