"""A small server of the shape of GitHub, on loopback over a real bare repository, and what checks it against the real one."""
