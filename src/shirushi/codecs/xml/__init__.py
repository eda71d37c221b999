"""XML as signatures need it: read with distrust, made canonical, dereferenced to exactly what a signature covers."""
